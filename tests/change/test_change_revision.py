"""Which base is compared with, and what is said where there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from story import Story, plain

from agentslint.git.base_revision import MissingBase, Revision, apart, choose
from agentslint.git.command import Git, GitError

ONE = "ghcr.io/acme/web:one"


@pytest.fixture
def branched(story: Story) -> Story:
    """Two commits on main, of which a branch has the first, and one of its own."""
    story.commit("start", plain("apps/web", ONE))
    story.git("checkout", "--quiet", "-b", "work")
    story.commit("work")
    story.git("checkout", "--quiet", "main")
    story.commit("main goes on")
    story.git("checkout", "--quiet", "work")
    return story


def chosen(story: Story, option: str | None = None, by_default: bool = False, **environ: str) -> Revision | None:
    return choose(Git.of(str(story.root)), option, environ, by_default=by_default)


def test_the_option_names_a_revision(branched: Story) -> None:
    start, _, main = branched.commits
    assert chosen(branched, "HEAD~1") == Revision(start, "HEAD~1")
    assert chosen(branched, "main") == Revision(main, "main")
    assert chosen(branched, main[:8]) == Revision(main, main[:8])


def test_three_dots_mean_where_head_left_it(branched: Story) -> None:
    assert chosen(branched, "main...") == Revision(branched.commits[0], "where HEAD left main")
    assert chosen(branched, "main...HEAD") == Revision(branched.commits[0], "where HEAD left main")


def test_the_option_wins_over_the_job(branched: Story) -> None:
    found = chosen(branched, "HEAD", GITHUB_BASE_REF="main", CI_MERGE_REQUEST_DIFF_BASE_SHA=branched.commits[0])
    assert found == Revision(branched.commits[1], "HEAD")


def test_nobody_names_one(branched: Story) -> None:
    assert chosen(branched) is None
    assert chosen(branched, GITHUB_BASE_REF="", CI_MERGE_REQUEST_DIFF_BASE_SHA="") is None


def test_the_default_branch(branched: Story, tmp_path: Path) -> None:
    start = branched.commits[0]
    assert chosen(branched, by_default=True) == Revision(start, "where HEAD left main")
    branched.git("checkout", "--quiet", "main")
    clone = branched.clone(tmp_path / "clone")
    clone.git("checkout", "--quiet", "work")
    assert chosen(clone, by_default=True) == Revision(start, "where HEAD left origin/main")


def test_no_default_branch(branched: Story) -> None:
    branched.git("branch", "--quiet", "-D", "main")
    with pytest.raises(MissingBase, match="no default branch is known here"):
        chosen(branched, by_default=True)


def test_a_pull_request_of_github_is_compared_with_what_its_merge_commit_would_change(branched: Story, tmp_path: Path) -> None:
    branched.git("merge", "--quiet", "--no-edit", "main")
    branched.git("checkout", "--quiet", "--detach", "main")
    branched.git("merge", "--quiet", "--no-ff", "--no-edit", "work~1")
    merge = branched.git("rev-parse", "HEAD")
    main = branched.commits[2]
    assert chosen(branched, GITHUB_BASE_REF="main", GITHUB_SHA=merge) == Revision(main, "main")
    shallow = branched.clone(tmp_path / "shallow", "--depth=2")
    assert chosen(shallow, GITHUB_BASE_REF="main", GITHUB_SHA=merge) == Revision(main, "main")


def test_a_branch_of_github_is_compared_with_where_it_left_its_base(branched: Story, tmp_path: Path) -> None:
    clone = branched.clone(tmp_path / "clone")
    assert chosen(clone, GITHUB_BASE_REF="main", GITHUB_SHA="0" * 40) == Revision(branched.commits[0], "where HEAD left origin/main")


def test_a_shallow_clone_of_github_says_how_to_get_the_base(branched: Story, tmp_path: Path) -> None:
    shallow = branched.clone(tmp_path / "shallow", "--depth=1")
    with pytest.raises(MissingBase, match=r"'origin/main' is not in this clone, which is shallow; .*fetch-depth: 0"):
        chosen(shallow, GITHUB_BASE_REF="main", GITHUB_SHA="0" * 40)
    with pytest.raises(MissingBase, match=r"get more history: actions/checkout with fetch-depth: 2"):
        chosen(shallow, GITHUB_BASE_REF="main", GITHUB_SHA=branched.commits[1])


def test_a_shallow_clone_that_has_the_branch_and_not_where_it_was_left(branched: Story, tmp_path: Path) -> None:
    shallow = branched.clone(tmp_path / "shallow", "--depth=1", "--no-single-branch")
    with pytest.raises(MissingBase, match=r"where HEAD left origin/main is not in this clone, which is shallow; .*fetch-depth: 0"):
        chosen(shallow, GITHUB_BASE_REF="main")


def test_a_merge_request_of_gitlab(branched: Story, tmp_path: Path) -> None:
    start, _, main = branched.commits
    names = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": start, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    assert chosen(branched, **names) == Revision(start, "main")
    assert chosen(branched, **names, CI_MERGE_REQUEST_TARGET_BRANCH_SHA=main) == Revision(main, "main")
    shallow = branched.clone(tmp_path / "shallow", "--depth=1")
    with pytest.raises(MissingBase, match=r'which is shallow; .*GIT_DEPTH: "0"'):
        chosen(shallow, **names)


@pytest.mark.parametrize("name", ["nowhere", "nowhere...", "--all", "HEAD:apps", "HEAD^{tree}", ""])
def test_a_revision_that_there_is_not(branched: Story, name: str) -> None:
    with pytest.raises(MissingBase, match="is not in this repository"):
        chosen(branched, name)


def test_a_repository_without_a_commit(story: Story) -> None:
    with pytest.raises(MissingBase, match="no commit yet"):
        chosen(story, "HEAD")


def test_histories_without_a_common_commit(branched: Story) -> None:
    branched.git("checkout", "--quiet", "--orphan", "other")
    branched.commit("another beginning")
    with pytest.raises(MissingBase, match="no commit in common"):
        chosen(branched, "main...")


def test_what_the_base_has_and_head_has_not_is_counted(branched: Story) -> None:
    git = Git.of(str(branched.root))
    assert apart(git, Revision(branched.commits[2], "main")) == 1
    assert apart(git, Revision(branched.commits[0], "main")) == 0


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(GitError, match="is in no git repository"):
        Git.of(str(tmp_path / "plain"))
    git = Git.of(str(Story.begin(tmp_path / "empty").root))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("git") is None
    with pytest.raises(GitError, match="git is not installed"):
        git.commit("HEAD")
