"""Renders as a run makes them: by the configuration, in parallel, each target for itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from render_tree import HELM_APP, write

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report

VERSIONS = {
    **HELM_APP,
    "charts/web/templates/versions.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: versions\nspec:\n  containers:\n    - name: kube\n"
        "      image: nginx:{{ .Capabilities.KubeVersion }}\n"
        '{{- if .Capabilities.APIVersions.Has "route.openshift.io/v1" }}\n    - name: route\n      image: route:1\n{{- end }}\n'
    ),
}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kustomize: Path, helm: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE", str(kustomize))
    monkeypatch.setenv("AGENTSLINT_HELM", str(helm))


def run(root: Path, files: Mapping[str, str | bytes], *rules: str, jobs: int = 2) -> Report:
    write(root, files)
    with open_session(RunOptions((str(root),), root=str(root.resolve()), select=rules, jobs=jobs)) as (prepared_run, _):
        return lint(prepared_run)


def images(report: Report) -> set[str]:
    return {result.finding.image for result in report.results}


def other(text: str) -> str:
    return text.replace("chartHome: ../charts", "chartHome: ../../charts")


def test_versions_and_options_come_from_the_configuration_for_all_and_for_some(tmp_path: Path) -> None:
    config = """
        [render]
        kube-version = "1.29.0"
        [[render.for]]
        targets = ["edge/*"]
        kube-version = "1.31.0"
        api-versions = ["route.openshift.io/v1"]
    """
    edge = {"edge/app/kustomization.yaml": other(HELM_APP["app/kustomization.yaml"]), "edge/app/values.yaml": "image: nginx\n"}

    report = run(tmp_path, {**VERSIONS, **edge, ".agentslint.toml": config}, "require-digest")

    assert images(report) - {"nginx:1.28"} == {"nginx:v1.29.0", "nginx:v1.31.0", "route:1"}


def test_a_target_that_fails_does_not_hide_the_others(tmp_path: Path) -> None:
    files = {
        **VERSIONS,
        "broken/kustomization.yaml": "resources:\n  - gone.yaml\n",
        "plain/kustomization.yaml": "resources:\n  - pod.yaml\n",
        "plain/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: plain:1\n",
    }

    report = run(tmp_path, {**files, ".agentslint.toml": "[render]\nkube-version = '1.30.0'\n"}, "require-digest", "render-error")

    assert {result.rule_id: result.location.path for result in report.results if result.rule_id == "render-error"} == {
        "render-error": "broken/kustomization.yaml"
    }
    assert {"nginx:v1.30.0", "plain:1"} <= images(report)
    assert (report.rendered, len(report.targets)) == (2, 3)
    assert [failure.target for failure in report.failures if failure.rendering] == ["broken"]


def test_outcomes_do_not_depend_on_the_number_of_jobs(tmp_path: Path) -> None:
    pods = {
        f"apps/{number}/{name}": text
        for number in range(12)
        for name, text in {
            "kustomization.yaml": "resources: [pod.yaml]\n",
            "pod.yaml": (
                f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p{number}\nspec:\n  containers:\n    - name: a\n      image: a:{number}\n"
            ),
        }.items()
    }

    one, four = (run(tmp_path, pods, "require-digest", jobs=jobs) for jobs in (1, 4))

    assert [result.location for result in one.results] == [result.location for result in four.results]
    assert len(one.results) == 12
