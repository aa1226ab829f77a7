"""`diff --other-kustomize` and `--other-helm`: the same tree by other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from diff_run import Done, diff
from story import Story

from agentslint.confine import SWITCH

CHART = {
    "app/kustomization.yaml": "helmCharts:\n  - name: web\n    releaseName: web\n    valuesFile: values.yaml\n",
    "app/values.yaml": "image:\n  repository: ghcr.io/acme/web\n  tag: v1\nreplicas: 1\n",
    "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "app/charts/web/values.yaml": "image: {}\nreplicas: 3\n",
    "app/charts/web/templates/about.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: about\ndata:\n  kubernetes: {{ .Capabilities.KubeVersion.Version }}\n"
    ),
    "app/charts/web/templates/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: {{ .Values.replicas }}\n"
        "  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n"
        "        - name: web\n          image: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n"
    ),
}
PLAIN = {
    "base/kustomization.yaml": "resources: [settings.yaml]\n",
    "base/settings.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n",
}


def stand_in(tmp_path: Path, real: Path, name: str, change: str) -> Path:
    """A program that changes the output of the real one."""
    path = tmp_path / "programs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\ncase "$1" in template|build) "{real}" "$@" | {change} ;; *) exec "{real}" "$@" ;; esac\n')
    path.chmod(0o755)
    return path


def others(story: Story, *words: str | Path) -> Done:
    return diff(story, *map(str, words), **{SWITCH: "off"})


def row(done: Done, name: str = "app") -> Any:
    return done.targets[name]


def test_two_releases_of_helm_are_told_apart_at_the_authored_line(story: Story, helm: Path, helm_3: Path) -> None:
    story.commit("all", CHART)
    done = diff(story, "--helm", str(helm_3), "--other-helm", str(helm), "--format", "json")
    assert done.status == 0, done.err
    assert (done.json["base"], done.json["other"]) == ({"name": "helm 3.22.0", "commit": None}, {"name": "helm 4.2.4"})
    assert row(done)["images"] == []
    assert row(done)["manifests"] == [
        {
            "resource": "ConfigMap/about",
            "namespace": "",
            "what": "differs",
            "field": "data.kubernetes",
            "file": "app/kustomization.yaml",
            "line": 2,
        }
    ]
    assert "ConfigMap/about data.kubernetes app/kustomization.yaml:2:" in others(story, "--other-helm", helm_3).out


def test_an_image_is_told_at_the_value_that_decides_it(story: Story, helm: Path, tmp_path: Path) -> None:
    story.commit("all", CHART)
    done = others(story, "--other-helm", stand_in(tmp_path, helm, "helm", "sed 's#ghcr.io/acme#quay.io/acme#'"), "--format", "json")
    (image,) = row(done)["images"]
    assert (image["before"], image["after"]) == ("ghcr.io/acme/web:v1", "quay.io/acme/web:v1")
    assert (image["file"], image["line"]) == ("app/values.yaml", 2)


def test_what_differs_beside_an_image_is_told_too(story: Story, helm: Path, tmp_path: Path) -> None:
    story.commit("all", CHART)
    changed = stand_in(tmp_path, helm, "helm", "sed 's#ghcr.io/acme#quay.io/acme#; s/replicas: 1/replicas: 2/'")
    out = others(story, "--other-helm", changed).out
    assert "  differs: Deployment/web spec.replicas app/values.yaml:4:11\n" in out
    assert "`spec.replicas`" not in out
    assert "`app/values.yaml:4`" in others(story, "--other-helm", changed, "--format", "markdown").out


def test_manifests_come_and_go_with_another_kustomize(story: Story, kustomize: Path, tmp_path: Path) -> None:
    story.commit("all", PLAIN)
    renamed = stand_in(tmp_path, kustomize, "kustomize", "sed 's/name: a/name: b/'")
    out = others(story, "--other-kustomize", renamed).out
    assert "  disappears: ConfigMap/a base/settings.yaml:3:" in out
    assert "  appears: ConfigMap/b base/" in out
    assert "1 of 1 target differs from kustomize 5.8.2 (" in out


def test_a_target_that_the_other_program_cannot_render_is_not_green(story: Story, kustomize: Path, tmp_path: Path) -> None:
    story.commit("all", PLAIN)
    failing = stand_in(tmp_path, kustomize, "kustomize", "(cat >/dev/null; echo no such thing >&2; exit 1)")
    done = others(story, "--other-kustomize", failing)
    assert done.status == 2
    assert "no such thing" in done.out
    assert "1 is not compared" in done.out


def test_the_same_program_makes_no_difference(story: Story, helm: Path) -> None:
    story.commit("all", CHART)
    done = diff(story, "--other-helm", str(helm))
    assert (done.status, done.out.splitlines()[-1]) == (0, "0 of 1 target differ from the usual programs")


def test_an_application_is_compared_by_its_name(story: Story, helm: Path, tmp_path: Path) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  namespace: argocd\nspec:\n  source:\n"
        "    repoURL: https://git.example.com/acme/gitops.git\n    path: app/charts/web\n    targetRevision: HEAD\n"
        "    helm:\n      parameters:\n        - name: image.repository\n          value: ghcr.io/acme/web\n"
        "        - name: image.tag\n          value: v1\n"
    )
    story.commit("all", {**{path: text for path, text in CHART.items() if "charts" in path}, "apps/web.yaml": application})
    done = others(story, "--other-helm", stand_in(tmp_path, helm, "helm", "sed 's#ghcr.io/acme#quay.io/acme#'"), "--format", "json")
    (image,) = row(done, "argocd/web")["images"]
    assert (image["file"], image["line"]) == ("apps/web.yaml", 14)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--other-helm", "/nowhere/helm"), "--other-helm names '/nowhere/helm', which does not exist"),
        (("--other-kustomize", "/nowhere/k"), "--other-kustomize names '/nowhere/k', which does not exist"),
        (("--other-helm", "helm", "--base", "HEAD"), "ask for one at a time"),
    ],
)
def test_a_question_that_cannot_be_asked(story: Story, words: tuple[str, ...], message: str) -> None:
    story.commit("all", CHART)
    done = diff(story, *words)
    assert done.status == 2
    assert message in done.err
