"""SARIF for upload leaves out what is accepted; an archive keeps it, with why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.suppress.command_in_process import Run, Tree
from tests.suppress.sample_apps import deployment, kustomization


@pytest.fixture
def three(run: Run, tree: Tree) -> Tree:
    """One finding that is accepted by a comment, one by the baseline, one that counts."""
    tree.write({"app/kustomization.yaml": kustomization("a.yaml", "b.yaml"), "app/b.yaml": deployment("b", "redis:7")})
    tree.write({"app/a.yaml": deployment("a", "nginx:1.27", "# agentslint: ignore[require-digest] no digest yet")})
    run("baseline", cwd=tree.root)
    tree.write({"app/kustomization.yaml": kustomization("a.yaml", "b.yaml", "c.yaml"), "app/c.yaml": deployment("c", "envoy:1.30")})
    return tree


def results(run: Run, tree: Tree, *words: str) -> list[dict[str, Any]]:
    done = run("lint", ".", "--baseline", ".agentslint-baseline.json", "-f", "sarif", *words, cwd=tree.root)
    assert done.status == 1
    found: list[dict[str, Any]] = json.loads(done.out)["runs"][0]["results"]
    return found


def uri(result: dict[str, Any]) -> str:
    found: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return found


def test_by_default_only_what_counts(run: Run, three: Tree) -> None:
    assert [uri(result) for result in results(run, three)] == ["app/c.yaml"]


def test_for_archives_all_with_the_justification(run: Run, three: Tree) -> None:
    found = {uri(result): result.get("suppressions", []) for result in results(run, three, "--sarif-suppressed")}
    assert [(each["kind"], each["justification"]) for each in found["app/a.yaml"]] == [("inSource", "no digest yet")]
    comment = found["app/a.yaml"][0]["location"]["physicalLocation"]
    assert comment["artifactLocation"]["uri"] == "app/a.yaml"
    assert comment["region"]["startLine"] == 10
    assert [each["kind"] for each in found["app/b.yaml"]] == ["external"]
    assert found["app/b.yaml"][0]["justification"].startswith("in the baseline: require-digest (app/b.yaml Deployment/b.spec.")
    assert found["app/b.yaml"][0]["location"]["physicalLocation"]["artifactLocation"]["uri"] == ".agentslint-baseline.json"
    assert found["app/c.yaml"] == []
