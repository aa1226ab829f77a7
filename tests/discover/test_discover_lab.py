"""Discovery over a real GitOps repository, as it is and under git."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from discover_tree import Tree

from agentslint.model import TargetKind

TARGETS = (
    *("agents", "agents-ci", "app", "argo-workflows", "cloudnative-pg", "docs", "facteur", "froussard", "jangar", "keycloak"),
    *("kitty-krew", "kitty-krew/overlays/prod", "nats", "reviseur", "reviseur/base"),
)
SETS = ("bootstrap", "helm-apps", "home-repo-credentials", "home-root", "platform", "product")


@pytest.fixture(params=["plain", "git"])
def real(lab: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Tree:
    shutil.copytree(lab, tmp_path / "lab")
    tree = Tree(tmp_path / "lab")
    return tree.git("init", "-q").git("add", ".") if request.param == "git" else tree


def test_what_is_deployed_is_found(real: Tree) -> None:
    targets = real.discover("argocd").targets
    names = [target.name for target in targets if target.kind is TargetKind.KUSTOMIZATION]
    assert names == sorted(f"argocd/applications/{name}" for name in TARGETS)
    assert [target.name for target in targets if target.kind is TargetKind.MANIFESTS] == [
        f"argocd/applicationsets/{name}.yaml" for name in SETS
    ]
    assert [target.name for target in targets] == real.names(".")


@pytest.mark.parametrize(
    "path",
    [
        "charts/agents/values.yaml",
        "charts/agents",
        "argocd/applications/agents/values.yaml",
        "argocd/applications/agents/alloy-deployment.yaml",
    ],
)
def test_a_values_file_or_a_chart_stands_for_its_application(real: Tree, path: str) -> None:
    assert real.names(path) == ["argocd/applications/agents"]


def test_what_needs_the_network_is_known(real: Tree) -> None:
    targets = {target.name.rpartition("/")[2]: target.closure for target in real.discover("argocd").targets}
    pulled = {name for name, closure in targets.items() if any(chart.repo and not chart.present for chart in closure.charts)}
    assert pulled == {"argo-workflows", "cloudnative-pg", "jangar", "nats"}
    assert {name for name, closure in targets.items() if closure.remotes} == {"cloudnative-pg"}
    (agents,) = targets["agents"].charts
    assert (agents.directory, agents.present, agents.line, agents.release) == ("charts/agents", True, 55, "agents")
