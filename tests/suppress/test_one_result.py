"""Targets that inherit one base, and findings that span several places: one result each, with the real renderers."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import deployment, kustomization, overlays

PRIVATE = (
    deployment("web", "ghcr.io/acme/web:1")
    + "---\n"
    + deployment("db", "ghcr.io/acme/db:1")
    + "      imagePullSecrets:\n        - name: pull\n"
)


def lint(run: Run, tree: Tree, rule: str) -> list[dict[str, Any]]:
    return run("lint", ".", "--select", rule, "-f", "json", cwd=tree.root).results


def known(found: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(row["location"]["path"], row["location"]["start_line"], row["fingerprint"]) for row in found]


@pytest.mark.parametrize("more", ["", "namePrefix: third-\n", "nameSuffix: -third\n"])
def test_one_more_overlay_of_a_base_is_no_other_result(run: Run, tree: Tree, more: str) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27")))
    before = lint(run, tree, "require-digest")
    assert [(row["location"]["path"], row["targets"]) for row in before] == [("base/web.yaml", ["one", "two"])]
    tree.write({"a-third/kustomization.yaml": kustomization("../base", more=more)})
    after = lint(run, tree, "require-digest")
    assert known(after) == known(before)
    assert after[0]["targets"] == ["a-third", "one", "two"]


@pytest.mark.parametrize("more", ["", "namePrefix: third-\n"])
def test_nor_is_it_where_the_finding_is_about_what_is_absent(run: Run, tree: Tree, more: str) -> None:
    tree.write(overlays(PRIVATE))
    before = [row for row in lint(run, tree, "pull-secrets") if row["location"]["start_line"] < 10]
    assert [(row["location"]["path"], row["targets"]) for row in before] == [("base/web.yaml", ["one", "two"])]
    tree.write({"a-third/kustomization.yaml": kustomization("../base", more=more)})
    after = [row for row in lint(run, tree, "pull-secrets") if row["location"]["start_line"] < 10]
    assert (known(after), after[0]["targets"]) == (known(before), ["a-third", "one", "two"])


@pytest.fixture
def storefront(run: Run, tree: Tree) -> Done:
    """The examples' application with every kind of finding."""
    shutil.copytree(PROJECT / "examples", tree.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*_cache"))
    return run("lint", "argocd/applications/storefront", "--select", "image-lockstep,image-claims", "-f", "json", cwd=tree.root)


def authored(tree: Tree, place: dict[str, Any]) -> str:
    line = tree.read(place["path"]).split("\n")[place["start_line"] - 1]
    return line[place["start_column"] - 1 : place["end_column"] - 1]


def test_lockstep_has_all_members_first_the_one_that_differs(storefront: Done, tree: Tree) -> None:
    row = next(row for row in storefront.results if row["rule"] == "image-lockstep")
    assert row["location"]["key_path"] == ["controllers", "image", "tag"]
    assert [place["key_path"] for place in row["related"]] == [["controlPlane", "image", "tag"], ["runner", "image", "tag"]]
    texts = [authored(tree, place) for place in (row["location"], *row["related"])]
    assert texts[0] != texts[1] == texts[2]
    assert all(place["message"] for place in row["related"])


def test_claims_have_what_they_speak_of(storefront: Done) -> None:
    rows = [row for row in storefront.results if row["rule"] == "image-claims"]
    assert rows
    assert all(row["related"] for row in rows)
