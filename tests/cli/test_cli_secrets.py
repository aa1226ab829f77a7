"""The values of Secrets are in no report, whatever a rule says of them and wherever a person wrote them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_command import Command, Done, Repo, pod

PLANTED = "hunter2-planted"
IMAGE = f"registry.example.com/{PLANTED}/web:latest"
BASE64 = base64.b64encode(IMAGE.encode()).decode()
FORMATS = ("text", "sarif", "json", "github")

SECRETS = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: plain
  annotations:
    image: {IMAGE}
stringData:
  image: {IMAGE}
  WEB_IMAGE: {IMAGE}
  containers: |
    - image: {IMAGE}
data:
  image: {BASE64}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {{name: nested}}
    stringData: {{image: "{IMAGE}", digest: "sha256:{PLANTED}"}}
---
apiVersion: v1
kind: SecretList
items:
  - metadata: {{name: typed}}
    stringData: {{image: "{IMAGE}"}}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {{name: sealed}}
spec:
  template:
    stringData:
      image: {IMAGE}
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1
          env:
            - name: WEB_IMAGE
              valueFrom: {secretKeyRef: {name: plain, key: image}}
"""


MANNERS = ((), ("--quiet", "--sarif-suppressed"), ("--verbose", "--statistics"))


def reports(
    command: Command, repo: Repo, *arguments: str, stdin: bytes = b"", folder: Path, manners: Sequence[Sequence[str]] = MANNERS
) -> tuple[Done, str]:
    """Run with every format, usual, quiet and verbose; returns how the last run ended, and all that any of them said."""
    said = ""
    pairs = [word for name in FORMATS for word in ("-f", name, "-o", str(folder / name))]
    for manner in manners:
        done = command(*arguments, *pairs, *manner, cwd=repo.root, stdin=stdin)
        said += done.out + done.err + "".join((folder / name).read_text() for name in FORMATS)
    return done, said


@pytest.mark.parametrize("source", ["-", "manifests", "kustomization"])
def test_the_value_of_a_secret_is_in_no_report(command: Command, repo: Repo, tmp_path: Path, source: str) -> None:
    stream = f"{SECRETS}---\n{WORKLOAD}"
    if source == "manifests":
        repo.write({"apps.yaml": stream})
    elif source == "kustomization":
        typed = SECRETS.partition("---\napiVersion: v1\nkind: SecretList")
        repo.write({"kustomization.yaml": "resources: [apps.yaml]\n", "apps.yaml": f"{typed[0]}---\n{WORKLOAD}"})
    done, said = reports(command, repo, "-" if source == "-" else ".", stdin=stream.encode() if source == "-" else b"", folder=tmp_path)
    assert done.status == 1
    assert "nginx:1" in said
    assert (PLANTED in said, BASE64 in said) == (False, False)


def test_what_a_generator_or_a_chart_makes_a_secret_of_is_in_no_report(command: Command, repo: Repo, tmp_path: Path) -> None:
    repo.write(
        {
            "kustomization.yaml": (
                "helmCharts:\n- name: web\n  valuesFile: values.yaml\nresources: [pod.yaml]\n"
                f"secretGenerator:\n- name: made\n  literals:\n  - image={IMAGE}\n  files: [token]\n"
            ),
            "token": f"{PLANTED}\n",
            "pod.yaml": pod("nginx:1"),
            "values.yaml": f"secret: {IMAGE}\nimage: nginx:2\n",
            "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "charts/web/values.yaml": "",
            "charts/web/templates/all.yaml": (
                f"{pod('{{ .Values.image }}', 'charted')}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: charted}}\n"
                "stringData:\n  image: {{ .Values.secret }}\n"
            ),
        }
    )
    done, said = reports(command, repo, ".", folder=tmp_path)
    assert (done.status, "values.yaml" in said) == (1, True)
    assert PLANTED not in said


@pytest.mark.parametrize(
    "broken",
    [
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: {PLANTED}\n password: {PLANTED}\n",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n\tpassword: {PLANTED}\n",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  password: {PLANTED}\n  password: {PLANTED}\n",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {PLANTED}\n",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{a: '{PLANTED}', b: [{PLANTED}]}}\n",
        f'apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{a: "{PLANTED}", b: \'c: {PLANTED}\n',
        f"apiVersion: v1\nkind: Secret\n- {PLANTED}\n",
    ],
)
@pytest.mark.parametrize("kustomization", [True, False])
def test_the_value_of_a_broken_secret_is_in_no_report(
    command: Command, repo: Repo, tmp_path: Path, broken: str, kustomization: bool
) -> None:
    repo.write({"apps/secret.yaml": broken, "pod.yaml": pod("nginx:1")})
    if kustomization:
        repo.write({"apps/kustomization.yaml": "resources: [secret.yaml]\n"})
    _, said = reports(command, repo, ".", folder=tmp_path, manners=[["--verbose"]])
    assert PLANTED not in said
    if not kustomization:
        _, said = reports(command, repo, "-", stdin=broken.encode(), folder=tmp_path, manners=[["--verbose"]])
        assert PLANTED not in said


def test_an_ignored_finding_in_a_secret_stays_hidden(command: Command, repo: Repo, tmp_path: Path) -> None:
    repo.write({"apps.yaml": f"{SECRETS}---\n{WORKLOAD}", ".agentslint.toml": "[[ignore]]\nrule = '*'\nreason = 'a test'\n"})
    done, said = reports(command, repo, "apps.yaml", folder=tmp_path)
    assert done.status == 0
    assert PLANTED not in said
    assert json.loads((tmp_path / "json").read_text())["summary"]["suppressed"] > 0
