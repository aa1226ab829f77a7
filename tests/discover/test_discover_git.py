"""git decides what belongs to a repository and where its root is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from discover_tree import CONFIG_MAP, Tree

from agentslint.discover import find_root
from agentslint.errors import UsageError


@pytest.fixture
def repository(tree: Tree) -> Tree:
    """A git repository with one application."""
    return tree.git("init", "-q").kustomization("apps/one", "cm.yaml")


def test_the_root_is_that_of_git(repository: Tree) -> None:
    assert find_root(repository.root / "apps" / "one" / "cm.yaml", repository.root / "apps") == repository.root.resolve()


def test_without_git_the_root_is_the_configurations_folder_then_the_current_one(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.kustomization("apps/one", "cm.yaml")
    monkeypatch.chdir(tree.root)
    assert find_root(tree.root / "apps" / "one", tree.root / "apps") == (tree.root / "apps").resolve()
    assert find_root(tree.root / "apps" / "one") == tree.root.resolve()
    assert find_root(tree.root / "apps", tree.root / "apps" / "one") == tree.root.resolve()
    monkeypatch.chdir(tree.root / "apps" / "one")
    assert find_root(tree.root / "apps") == (tree.root / "apps").resolve()


def test_without_a_git_program_a_repository_is_not_looked_at(repository: Tree, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for ask in (lambda: find_root(repository.root), lambda: repository.names(".")):
        with pytest.raises(UsageError, match=r"git is not installed, and .* is a git repository; install git"):
            ask()


def test_ignored_files_are_passed_over_tracked_or_new_ones_are_not(repository: Tree) -> None:
    repository.write({".gitignore": "/generated/\n*.gen.yaml\n", "sets/a.gen.yaml": CONFIG_MAP, "sets/b.yaml": CONFIG_MAP})
    repository.kustomization("generated/app", "cm.yaml").kustomization("apps/new", "cm.yaml").git("add", "apps/one")
    assert repository.names(".") == ["apps/new", "apps/one", "sets/b.yaml"]
    assert repository.names("sets") == ["sets/b.yaml"]


def test_an_ignored_folder_or_file_that_is_named_is_looked_at(repository: Tree) -> None:
    repository.write({".gitignore": "/generated/\n"}).kustomization("generated/app", "cm.yaml").write({"generated/x.yaml": CONFIG_MAP})
    assert repository.names("generated") == ["generated/app", "generated/x.yaml"]
    assert repository.names("generated/x.yaml") == ["generated/x.yaml"]


def test_a_target_reads_ignored_files_all_the_same(repository: Tree) -> None:
    repository.write({".gitignore": "*.env\n", "apps/one/a.env": "A=1\n"})
    repository.kustomization("apps/one", configMapGenerator=[{"name": "x", "envs": ["a.env"]}])
    assert repository.names("apps/one/a.env") == ["apps/one"]


def test_a_deleted_file_that_git_still_knows_is_nothing(repository: Tree) -> None:
    repository.write({"sets/a.yaml": CONFIG_MAP}).kustomization("gone", "cm.yaml").git("add", ".")
    (repository.root / "sets" / "a.yaml").unlink()
    (repository.root / "gone" / "kustomization.yaml").unlink()
    found = repository.discover(".")
    assert [target.name for target in found.targets] == ["apps/one", "gone/cm.yaml"]
    assert not found.failures


def test_names_that_git_would_quote_are_found(repository: Tree) -> None:
    repository.kustomization('apps/ünïcode "quoted" 😀', "cm.yaml")
    assert repository.names(".") == ["apps/one", 'apps/ünïcode "quoted" 😀']


def test_submodules_and_nested_repositories_are_looked_into(repository: Tree, tmp_path: Path) -> None:
    other = Tree(tmp_path / "other").kustomization("app", "cm.yaml").write({".gitignore": "/gen/\n"}).git("init", "-q").git("add", ".")
    other.git("commit", "-qm", "x")
    repository.git("submodule", "add", "-q", str(other.root), "sub").git("clone", "-q", str(other.root), "nested")
    repository.kustomization("nested/gen", "cm.yaml")
    assert repository.names(".") == ["apps/one", "nested/app", "sub/app"]
    assert repository.names("sub") == ["sub/app"]


def test_the_variables_of_a_running_hook_do_not_mislead(repository: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Tree(tmp_path / "other").write({"x": ""}).git("init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git" / "index"))
    assert find_root(repository.root / "apps") == repository.root.resolve()
    assert repository.names(".") == ["apps/one"]


def test_a_repository_that_git_refuses_is_an_error_that_says_what_to_do(repository: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match=r"git config --global --add safe\.directory"):
        find_root(repository.root)
    with pytest.raises(UsageError, match=r"safe\.directory"):
        repository.discover(".")


def test_discovery_leaves_the_repository_as_it_is(repository: Tree) -> None:
    repository.git("add", ".")
    before = _state(repository.root)
    os.utime(repository.root / "apps" / "one" / "cm.yaml")
    repository.discover(".")
    assert _state(repository.root) == before


def _state(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
