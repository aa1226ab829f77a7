"""One chart that refuses images without a digest where it is told to, deployed as teams of different habits do it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import warm
from tests.json_run import JsonRun

DIGEST = "sha256:" + "1f" * 32
REPOSITORY = "https://git.acme.example/shop.git"
GUARD = """\
{{- if .Values.policy.strict }}
{{- if not (hasPrefix "sha256:" .Values.image.digest) }}
{{- fail "policy.strict=true needs image.digest" }}
{{- end }}
{{- end }}
"""
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.0\n",
    "values.yaml": (
        "replicas: 1\nimage:\n  repository: ghcr.io/acme/web\n  digest: ''\npolicy:\n  strict: false\nports: [80]\nratio: 0.5\n"
    ),
    "templates/guard.yaml": GUARD,
    "templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ int .Values.replicas }}
  template:
    metadata:
      annotations:
        kinds: {{ printf "%s %s %s" (kindOf .Values.replicas) (kindOf .Values.ratio) (kindOf .Values.policy.strict) | quote }}
    spec:
      containers:
        - name: web
          image: {{ .Values.image.repository }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
          ports:
            {{- range .Values.ports }}
            - containerPort: {{ . }}
            {{- end }}
""",
}
Files = dict[str, str]


def chart(folder: str = "charts/web", **changed: str) -> Files:
    """The chart, with some templates written otherwise (`guard=""`)."""
    templates = {f"templates/{name}.yaml": text for name, text in changed.items()}
    return {f"{folder}/{path}": text for path, text in {**CHART, **templates}.items()}


def application(helm: str) -> str:
    """An Application of the chart, with a `helm` block."""
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  namespace: argocd\nspec:\n"
        "  project: default\n  destination: {server: https://kubernetes.default.svc, namespace: web}\n"
        f"  source:\n    repoURL: {REPOSITORY}\n"
        f"    targetRevision: HEAD\n    path: charts/web\n    helm:\n{helm}"
    )


VALUES = f"image:\n  digest: {DIGEST}\npolicy:\n  strict: false\n"
KUSTOMIZATION = "helmGlobals:\n  chartHome: ../../charts\nhelmCharts:\n  - name: web\n    releaseName: shop\n"
BESIDE = KUSTOMIZATION.replace("../../charts", "charts")


def indented(text: str, by: int) -> str:
    """A block of YAML, further to the right."""
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def kustomization(text: str, **others: str) -> Files:
    """The kustomization of apps/web."""
    return {"apps/web/kustomization.yaml": text, **{f"apps/web/{name}.yaml": other for name, other in others.items()}}


PARAMETERS = f"parameters:\n  - name: image.digest\n    value: {DIGEST}\n  - {{name: policy.strict, value: 'false'}}\n"
TARGET = '[[targets]]\nname = "web"\nchart = "charts/web"\nvalues = ["ci/values.yaml"]\nset = { "policy.strict" = false }\n'
HABITS: Mapping[str, tuple[str, Files]] = {
    "a values file": ("apps/web", kustomization(f"{KUSTOMIZATION}    valuesFile: values.yaml\n", values=VALUES)),
    "inline values": ("apps/web", kustomization(f"{BESIDE}    valuesInline:\n{indented(VALUES, 6)}")),
    "no values of its own": ("apps/web", kustomization(BESIDE)),
    "two layers": (
        "apps/web",
        kustomization(
            f"{KUSTOMIZATION}    valuesFile: values.yaml\n    additionalValuesFiles: [more.yaml]\n", values=VALUES, more="replicas: 2\n"
        ),
    ),
    "an Application with an object": ("argocd/web", {"apps/web.yaml": application(f"      valuesObject:\n{indented(VALUES, 8)}")}),
    "an Application with a text": ("argocd/web", {"apps/web.yaml": application(f"      values: |\n{indented(VALUES, 8)}")}),
    "an Application with parameters": ("argocd/web", {"apps/web.yaml": application(indented(PARAMETERS, 6))}),
    "a target without values": ("web", {".agentslint.toml": '[[targets]]\nname = "web"\nchart = "charts/web"\n'}),
    "a target of the configuration": ("web", {".agentslint.toml": TARGET, "ci/values.yaml": f"image:\n  digest: {DIGEST}\n"}),
}


class Linted(JsonRun):
    """How a run ended."""

    @property
    def found(self) -> list[tuple[str, str, int]]:
        """Rule, file and line of every result."""
        rows = ((row["rule"], row["location"]) for row in self.report["results"])
        return [(rule, place["path"], place["start_line"]) for rule, place in rows]

    @property
    def messages(self) -> list[str]:
        return [row["message"] for row in self.report["results"]]

    @property
    def failures(self) -> list[str]:
        return [row["message"] for row in self.report["failures"]]

    @property
    def notes(self) -> str:
        return "\n".join(self.report["notes"])


@dataclass(frozen=True)
class Place:
    """A repository with the chart."""

    root: Path

    def write(self, files: Mapping[str, str]) -> Place:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def habit(self, name: str, config: str, **changed: str) -> Place:
        """The chart and what deploys it; `config` is added to the configuration."""
        files = HABITS[name][1]
        home = "apps/web/charts/web" if BESIDE in files.get("apps/web/kustomization.yaml", "") else "charts/web"
        deploy = f'[deploy]\nrepositories = ["{REPOSITORY}"]\n'
        return self.write({**chart(home, **changed), **files, ".agentslint.toml": f"{files.get('.agentslint.toml', '')}{deploy}{config}"})

    def lint(self, *words: str) -> Linted:
        """A run in JSON over the whole repository."""
        if not (self.root / ".git").exists():
            subprocess.run(["git", "init", "--quiet"], cwd=self.root, check=True)
        done = warm.run_text(("lint", *(words or (".",)), "--offline", "-f", "json"), self.root, dict(os.environ))
        assert "Traceback" not in done.stderr, done.stderr
        return Linted(done.returncode, done.stdout, done.stderr)
