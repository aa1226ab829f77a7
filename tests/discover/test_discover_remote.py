"""What kustomize fetches must be known before a run without a network, and nothing else taken for it."""

from __future__ import annotations

import pytest
from discover_tree import CONFIG_MAP, Tree
from hypothesis import given
from hypothesis import strategies as st

from agentslint.discover.remote import is_repository, is_url, read_repository, repository_name
from agentslint.model import Region


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


@pytest.mark.parametrize(
    ("text", "name", "folder", "revision"),
    [
        ("https://github.com/acme/agents/config/default?ref=v1", "github.com/acme/agents", "config/default", "v1"),
        ("https://github.com/Acme/Agents.git//config?ref=v1", "github.com/acme/agents", "config", "v1"),
        ("https://github.com/acme/agents/config/?ref=v1", "github.com/acme/agents", "config", "v1"),
        ("https://github.com/acme/agents.git", "github.com/acme/agents", "", ""),
        ("github.com/acme/agents?ref=v1", "github.com/acme/agents", "", "v1"),
        ("github.com:acme/agents?ref=v1", "github.com/acme/agents", "", "v1"),
        ("git@github.com:acme/agents.git//config?ref=v1", "github.com/acme/agents", "config", "v1"),
        ("ssh://git@git.acme.com:7999/acme/agents.git/config?ref=v1", "git.acme.com/acme/agents", "config", "v1"),
        ("git::https://robot:token@git.acme.com/acme/agents//config?ref=v1", "git.acme.com/acme/agents", "config", "v1"),
        ("https://git.acme.com/group/below/agents.git//config?ref=v1", "git.acme.com/group/below/agents", "config", "v1"),
        ("https://dev.azure.com/acme/project/_git/agents/config?ref=v1", "dev.azure.com/acme/project/agents", "config", "v1"),
        ("file:///srv/acme/agents//config?ref=v1", "srv/acme/agents", "config", "v1"),
        ("https://github.com/acme/agents?version=v1", "github.com/acme/agents", "", "v1"),
        ("https://github.com/acme/agents?version=v1&ref=v2", "github.com/acme/agents", "", "v2"),
        ("https://github.com/acme/agents?timeout=90s&ref=v1&submodules=false", "github.com/acme/agents", "", "v1"),
        ("https://github.com/acme/agents?xref=v1", "github.com/acme/agents", "", ""),
        ("https://github.com/acme/agents?ref=release%2F1", "github.com/acme/agents", "", "release/1"),
    ],
)
def test_a_repository_its_folder_and_its_revision_are_told_apart(text: str, name: str, folder: str, revision: str) -> None:
    found = read_repository(text)
    assert found is not None
    assert (found.name, found.folder, found.revision) == (name, folder, revision)
    assert (text[slice(*found.span)] if found.span else "").replace("%2F", "/") == revision


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://gitlab.com/group/below/agents.git", "gitlab.com/group/below/agents"),
        ("https://gitlab.com/group/below/agents/", "gitlab.com/group/below/agents"),
        ("git@gitlab.com:group/below/agents.git", "gitlab.com/group/below/agents"),
        ("ssh://git@gitlab.com:2222/group/agents", "gitlab.com/group/agents"),
        ("https://robot:token@git.acme.com:8443/acme/agents", "git.acme.com/acme/agents"),
        ("https://dev.azure.com/acme/project/_git/agents", "dev.azure.com/acme/project/agents"),
        ("oci://ghcr.io/acme/charts", "ghcr.io/acme/charts"),
        ("registry.acme.com:5000/charts", "registry.acme.com/charts"),
        ("HTTPS://Charts.Acme.com", "charts.acme.com"),
        ("", ""),
    ],
)
def test_one_repository_has_one_name(url: str, name: str) -> None:
    assert repository_name(url) == name


@given(st.text(alphabet="ab/:@?.#%&=_- \n", max_size=40) | st.text(max_size=40) | st.from_regex(r"(git::)?(https|ssh|file)://.{0,40}"))
def test_no_text_is_too_odd_to_be_named(text: str) -> None:
    name = repository_name(text)
    assert not name.startswith("/")
    assert not name.endswith("/")
    assert repository_name(name) in (name, name.removesuffix(".git")) or set(name) & set("?:@")
    found = read_repository(text)
    assert is_repository(text) == (found is not None)
    assert found is None or found.span is None or 0 < found.span[0] < found.span[1] <= len(text)


def test_a_remote_and_the_version_of_a_chart_are_known_with_their_columns(tree: Tree) -> None:
    tree.write(
        {
            "app/kustomization.yaml": "resources:\n- 'https://github.com/acme/agents?ref=v1'\nhelmCharts:\n- name: web\n"
            '  repo: https://charts.acme.com\n  version: "1.4.0"\n',
        }
    )
    closure = tree.target("app").closure
    assert closure.remotes[0].region == Region(2, 4, 2, 41)
    assert closure.charts[0].version_region == Region(6, 13, 6, 18)


def test_a_chart_inside_of_another_text_has_no_columns(tree: Tree) -> None:
    inline = "  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n  metadata: {name: web}\n  name: web\n  version: 1.4.0\n"
    tree.write({"app/kustomization.yaml": f"generators:\n- |\n{inline}"})
    (chart,) = tree.target("app").closure.charts
    assert (chart.version, chart.version_region) == ("1.4.0", None)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://github.com/acme/agents/config?ref=v1", "https://github.com/acme/agents"),
        ("github.com/acme/agents//config", "https://github.com/acme/agents"),
        ("http://GitHub.com/acme/agents.git/config", "https://github.com/acme/agents.git"),
        ("GITHUB.com:acme/agents", "https://github.com/acme/agents"),
        ("git@github.com:acme/agents.git//config", "git@github.com:acme/agents.git"),
        ("ssh://git@github.com/acme/agents//config", "git@github.com:acme/agents"),
        ("ssh://github.com/acme/agents", "github.com:acme/agents"),
        ("https://robot@github.com/acme/agents", "robot@github.com:acme/agents"),
        ("git::https://robot:token@git.acme.com/acme/agents//config", "https://robot:token@git.acme.com/acme/agents"),
        ("robot@git.acme.com:acme/agents", "robot@git.acme.com:acme/agents"),
        ("ssh://robot@git.acme.com:22/acme/agents.git/config", "ssh://robot@git.acme.com:22/acme/agents.git"),
        ("https://dev.azure.com/org/project/_git/repo/path", "https://dev.azure.com/org/project/_git/repo"),
        ("file:///srv/acme/agents//config?ref=v1", "file:///srv/acme/agents"),
        ("FILE:///srv/acme/agents.git/config", "file:///srv/acme/agents.git"),
    ],
)
def test_the_address_is_what_kustomize_hands_to_git(text: str, address: str) -> None:
    found = read_repository(text)
    assert found is not None
    assert found.address == address


@pytest.mark.parametrize(
    ("query", "wanted"), [("", True), ("submodules=false&ref=v1", False), ("ref=v1&submodules=0", False), ("submodules=x", True)]
)
def test_submodules_are_cloned_unless_that_is_turned_off(query: str, wanted: bool) -> None:
    found = read_repository(f"https://git.acme.com/acme/agents?{query}")
    assert found is not None
    assert found.submodules is wanted
