"""Repositories inside of the one that is linted: committed ones in the layout of a bare one, nested ones, and a `.git` that leads away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attack import WAYS, Trap, agentslint
from story import Story, plain

BARE = {"app/HEAD": "ref: refs/heads/main\n", "app/objects/k": "", "app/refs/k": ""}
CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"


@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_a_bare_repository_in_a_folder_runs_nothing_and_moves_no_root(
    app: Story, trap: Trap, tmp_path: Path, words: tuple[str, ...]
) -> None:
    app.commit("three", {**BARE, "app/config": f"{CONFIG}\tfsmonitor = {trap.program}\n"})
    app.write(plain("app", "ghcr.io/acme/web:three")).commit("four")
    clone = app.clone(tmp_path / "clone")
    done = agentslint(clone, *words)
    assert not trap.has_run
    if words[0] == "diff":
        assert [row["name"] for row in done.json["targets"]] == ["app"]
    else:
        assert (done.status, done.places) == (1, {"app/web.yaml"})


@pytest.mark.parametrize("words", WAYS[:2], ids=" ".join)
def test_a_bare_repository_does_not_silence_a_policy(app: Story, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Paths of the configuration are relative to the root, which would move into the folder."""
    policy = 'select = ["require-digest"]\nexclude = ["/web.yaml", "/kustomization.yaml"]\n'
    app.commit("three", {**BARE, "app/config": CONFIG, ".agentslint.toml": policy})
    done = agentslint(app.clone(tmp_path / "clone"), *words)
    assert (done.status, done.places) == (1, {"app/web.yaml"})


def test_a_nested_repository_runs_nothing(app: Story, trap: Trap) -> None:
    inner = Story.begin(app.root / "app/inner").write(plain("sub", "ghcr.io/acme/web:inner"))
    inner.git("add", ".")
    for key in ("core.fsmonitor", "core.pager", "filter.x.clean", "filter.x.process", "filter.x.smudge"):
        inner.git("config", key, str(trap.program))
    inner.write({".gitattributes": "* filter=x\n"})
    (inner.root / ".git/hooks").mkdir(exist_ok=True)
    for words in (WAYS[0], WAYS[2], ("lint", "app/inner/sub/web.yaml")):
        done = agentslint(app, *words)
        assert done.status in (0, 1), done
    assert not trap.has_run


@pytest.mark.parametrize("kind", ["folder", "file", "link", "dangling", "nowhere"])
@pytest.mark.parametrize("words", [("lint", "app/kustomization.yaml"), ("diff",)], ids=" ".join)
def test_where_git_is_broken_nothing_is_walked_without_it(app: Story, tmp_path: Path, kind: str, words: tuple[str, ...]) -> None:
    """Nor is a repository further up taken instead."""
    Story.begin(tmp_path / "outer")
    broken = tmp_path / "outer" / "repo"
    shutil.move(app.root, broken)
    shutil.rmtree(broken / ".git")
    if kind == "folder":
        (broken / ".git").mkdir()
    elif kind == "file":
        (broken / ".git").write_text("no repository\n")
    elif kind == "nowhere":
        (broken / ".git").write_text("gitdir: /no/where\n")
    else:
        (broken / ".git").symlink_to("app" if kind == "link" else "no-where")
    done = agentslint(Story(broken), *words)
    assert done.status == 2
    assert str(broken) in done.err
    assert not done.out


@pytest.mark.parametrize("fault", ["head", "config", "extension", "index", "objects"])
def test_a_repository_that_git_cannot_read_is_not_checked(app: Story, fault: str) -> None:
    inner = app.root / ".git"
    if fault == "extension":
        app.git("config", "core.repositoryFormatVersion", "1")
        app.git("config", "extensions.fromTheFuture", "true")
    elif fault == "objects":
        shutil.rmtree(inner / "objects")
    else:
        (inner / {"head": "HEAD", "config": "config", "index": "index"}[fault]).write_text("[nonsense\n")
    for words in (("lint", "app"), ("diff",)):
        done = agentslint(app, *words)
        assert done.status == 2
        assert str(app.root) in done.err or "diff" in words


def test_without_a_git_program_a_repository_is_not_checked(app: Story, tmp_path: Path) -> None:
    for words in (("lint", "app/web.yaml"), ("diff",)):
        done = agentslint(app, *words, PATH=str(tmp_path))
        assert done.status == 2
        assert "git is not installed" in done.err


def test_without_a_repository_no_git_is_needed(app: Story, tmp_path: Path) -> None:
    shutil.rmtree(app.root / ".git")
    done = agentslint(app, "lint", "app", PATH=str(tmp_path))
    assert (done.status, done.places) == (1, {"app/web.yaml"})


def test_the_repository_of_somebody_else_needs_leave(app: Story) -> None:
    foreign = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    for words in (("lint", "app/web.yaml"), ("diff",)):
        done = agentslint(app, *words, **foreign)
        assert done.status == 2
        assert f"git config --global --add safe.directory {app.root}" in done.err
    leave = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": str(app.root)}
    assert agentslint(app, "lint", "app", **foreign, **leave).status == 1
    assert agentslint(app, "diff", "--base", "HEAD~1", **foreign, **leave).status == 0


def test_a_worktree_of_git_is_a_repository(app: Story, tmp_path: Path) -> None:
    app.git("worktree", "add", "--quiet", str(tmp_path / "beside"), "-b", "other")
    beside = Story(tmp_path / "beside")
    beside.write(plain("app", "ghcr.io/acme/web:three"))
    assert agentslint(beside, "lint", "app").places == {"app/web.yaml"}
    (target,) = agentslint(beside, "diff", "--base", "HEAD").json["targets"]
    assert target["files"] == ["app/web.yaml"]


def test_the_files_are_those_that_stand_here(app: Story, tmp_path: Path) -> None:
    """Whatever `.git/config` says of a work tree elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    app.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    assert agentslint(app, "lint", ".").places == {"app/web.yaml"}
    assert [row["name"] for row in agentslint(app, "diff", "--base", "HEAD~1").json["targets"]] == ["app"]


def test_variables_turn_no_question_elsewhere(app: Story, tmp_path: Path) -> None:
    other = Story.begin(tmp_path / "other")
    other.commit("nothing", {"x": ""})
    elsewhere = {
        "GIT_DIR": str(other.root / ".git"), "GIT_WORK_TREE": str(other.root), "GIT_INDEX_FILE": str(other.root / ".git/index"),
        "GIT_OBJECT_DIRECTORY": str(other.root / ".git/objects"), "GIT_COMMON_DIR": str(other.root / ".git"), "GIT_NAMESPACE": "other",
        "GIT_CEILING_DIRECTORIES": str(app.root), "GIT_ICASE_PATHSPECS": "1", "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TRACE": str(tmp_path / "traced"), "GIT_TRACE2_EVENT": str(tmp_path / "traced"), "GIT_ATTR_SOURCE": "HEAD~1",
        "GIT_EXTERNAL_DIFF": str(tmp_path / "nothing"),
    }  # fmt: skip
    assert agentslint(app, "lint", "app", **elsewhere).places == {"app/web.yaml"}
    assert [row["name"] for row in agentslint(app, "diff", "--base", "HEAD~1", **elsewhere).json["targets"]] == ["app"]
    assert not (tmp_path / "traced").exists()
