"""What kustomize fetches must be known before a run without a network, and nothing else taken for it."""

from __future__ import annotations

import pytest
from discover_tree import CONFIG_MAP, Tree

from agentslint.discover.remote import is_repository, is_url


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/org/repo//path?ref=v1",
        "https://github.com/org/repo",
        "github.com/org/repo//path?ref=v1",
        "github.com:org/repo",
        "GitHub.com/org/repo/sub/folder",
        "git@github.com:org/repo.git",
        "git@example.com:org/repo",
        "git::https://example.com/org/repo",
        "ssh://git@example.com/org/repo",
        "ssh://example.com:22/org/repo//path",
        "https://dev.azure.com/org/project/_git/repo/path",
        "https://example.com/repo.git",
        "file:///srv/repo",
    ],
)
def test_a_repository_is_known(text: str) -> None:
    assert is_repository(text)


@pytest.mark.parametrize(
    "text",
    [
        "../base",
        "base",
        "./github.com/org/repo",
        "deployment.yaml",
        "/abs/folder",
        "example.com/org/repo",
        "example.com:org/repo",
        "github.com/org",
        "https://example.com/one-segment",
        "https://",
        "git@",
        "github.com/org/repo//../../other",
        "oci://example.com/org/repo",
        "",
    ],
)
def test_a_path_is_no_repository(text: str) -> None:
    assert not is_repository(text)


def test_only_http_is_a_remote_file() -> None:
    assert is_url("https://example.com/a.yaml")
    assert is_url("HTTP://example.com/a.yaml")
    assert not is_url("ssh://example.com/a.yaml")
    assert not is_url("https.yaml")


def test_remote_resources_are_named_with_their_lines(tree: Tree) -> None:
    tree.write(
        {
            "app/kustomization.yaml": "components:\n- github.com/org/part\nresources:\n- ../base\n- https://example.com/a.yaml\n"
            "patches:\n- path: https://example.com/p.yaml\n"
        }
    )
    tree.write({"base/kustomization.yaml": "bases:\n- git@example.com:org/repo\n"})
    remotes = tree.target("app").closure.remotes
    assert {(remote.kustomization, remote.line, remote.url) for remote in remotes} == {
        ("app/kustomization.yaml", 2, "github.com/org/part"),
        ("app/kustomization.yaml", 5, "https://example.com/a.yaml"),
        ("app/kustomization.yaml", 7, "https://example.com/p.yaml"),
        ("base/kustomization.yaml", 2, "git@example.com:org/repo"),
    }


def test_a_file_on_disk_wins_over_a_repository_and_that_over_a_folder(tree: Tree) -> None:
    tree.write({"app/github.com/org/file": CONFIG_MAP}).kustomization("app/github.com/org/folder", "cm.yaml")
    tree.kustomization("app", "github.com/org/file", "github.com/org/folder")
    closure = tree.discover("app").targets[0].closure
    assert [remote.url for remote in closure.remotes] == ["github.com/org/folder"]
    assert closure.reads("app/github.com/org/file")
