"""Which commit is ahead, and what ran before: asked of git, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from story import Story, agents

from agentslint.change.earlier import EarlierValue, ValueHistory
from agentslint.git.ancestry import Distance, History, Relation, Unknown

A, B, C = "a1b2c3d4e5f6071829304152637485960718293a", "b2c3d4e5f60718293041526374859607182930ab", "c3d4e5f60718293041526374859607182930abcd"


def test_ahead_behind_and_the_same(source: Story) -> None:
    history = History(source.root)
    first, _, last = source.commits
    assert history.distance(first, last) == Distance(Relation.AHEAD, ahead=2)
    assert history.distance(last[:7], first[:12]) == Distance(Relation.BEHIND, behind=2)
    assert history.distance(first[:8], first.upper()) == Distance(Relation.SAME)


def test_what_was_merged_is_an_ancestor(source: Story) -> None:
    source.git("checkout", "--quiet", "-b", "side", source.commits[0])
    side = source.commit("side")
    source.git("checkout", "--quiet", "main")
    assert History(source.root).distance(side, source.commits[2]) == Distance(Relation.DIVERGED, ahead=2, behind=1)
    source.git("merge", "--quiet", "--no-edit", "side")
    assert History(source.root).distance(side, source.git("rev-parse", "HEAD")) == Distance(Relation.AHEAD, ahead=3)


def test_a_squashed_commit_is_unknown_and_not_diverged(source: Story, tmp_path: Path) -> None:
    source.git("checkout", "--quiet", "-b", "feature")
    squashed = source.commit("on a branch", {"main.go": "package feature\n"})
    source.git("checkout", "--quiet", "main")
    source.git("merge", "--quiet", "--squash", "feature")
    merged = source.commit("the feature, squashed")
    source.git("branch", "--quiet", "-D", "feature")
    clone = source.clone(tmp_path / "clone")
    found = History(clone.root).distance(squashed, merged)
    assert isinstance(found, Unknown)
    assert found.reason.startswith(f"the commit {squashed} is not in {clone.root}: it is another repository's, or was squashed away")


def test_a_shallow_clone_denies_nothing(source: Story, tmp_path: Path) -> None:
    """What lies behind its edge looks like no ancestor at all."""
    first, second, last = source.commits
    shallow = source.clone(tmp_path / "shallow", "--depth=2")
    history = History(shallow.root)
    assert history.distance(second, last) == Distance(Relation.AHEAD, ahead=None)
    for found in (history.distance(first, last), history.commit(first)):
        assert isinstance(found, Unknown)
        assert "shallow clone; get its whole history: fetch-depth: 0" in found.reason
    shallow.git("fetch", "--quiet", "--depth=1", "origin", first)
    found = History(shallow.root).distance(first, last)
    assert isinstance(found, Unknown)
    assert "which is a shallow clone" in found.reason


def test_a_branch_that_is_named_like_a_commit_is_none(source: Story) -> None:
    source.git("branch", "deadbeef")
    assert isinstance(History(source.root).commit("deadbeef"), Unknown)


def test_no_sha_at_all(source: Story) -> None:
    history = History(source.root)
    for text in ("main", "HEAD", "--all", "", "zzzz"):
        assert isinstance(history.commit(text), Unknown)


def test_a_source_that_is_no_repository(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for folder in (tmp_path, tmp_path / "nowhere"):
        found = History(folder).distance(A, B)
        assert isinstance(found, Unknown)
        assert "the source of a group is a clone" in found.reason


def test_when_a_commit_was_made(source: Story) -> None:
    found = History(source.root).date(source.commits[0][:9])
    assert not isinstance(found, Unknown)
    assert int(found.timestamp()) == int(source.git("show", "-s", "--format=%ct", source.commits[0]))


def said(path: str, text: str, *key_path: str) -> tuple[str, str, tuple[str, ...], Callable[[str], bool]]:
    return path, text, key_path, lambda scalar: scalar == text


def test_a_digest_that_ran_before_is_found_through_renames(story: Story, tmp_path: Path) -> None:
    first = story.commit("all at A", agents(controllers=A, control_plane=A))
    story.commit("all at B", agents(controllers=B, control_plane=B))
    story.git("mv", "apps/agents/values.yaml", "apps/agents/prod.yaml")
    base = story.commit("another name")
    path = "apps/agents/prod.yaml"
    past = ValueHistory(story.root, base)
    assert past.last_held(*said(path, A[:8], "image", "tag")) == EarlierValue(first, "apps/agents/values.yaml")
    assert past.last_held(*said(path, "c" * 8, "image", "tag")) is None
    assert past.last_held(*said(path, A[:7], "image", "tag")) is None, "a part of a text is another one"
    shallow = story.clone(tmp_path / "shallow", "--depth=1")
    found = ValueHistory(shallow.root, base).last_held(*said(path, A[:8], "image", "tag"))
    assert isinstance(found, Unknown)
    assert "shallow" in found.reason


def test_a_digest_ran_in_its_own_place_or_not_at_all(story: Story) -> None:
    """The controllers ran it, and the control plane did not."""
    story.commit("all at A", agents(controllers=A, control_plane=A))
    canary = story.commit("the canary", agents(controllers=B, control_plane=A))
    base = story.commit("back", agents(controllers=A, control_plane=A))
    past, path = ValueHistory(story.root, base), "apps/agents/values.yaml"
    assert past.last_held(*said(path, B[:8], "controllers", "image", "tag")) == EarlierValue(canary, path)
    assert past.last_held(*said(path, B[:8], "image", "tag")) is None
    assert past.text(EarlierValue(canary, path), ("image", "tag")) == A[:8]
    assert past.text(EarlierValue(canary, "apps/agents/nowhere.yaml"), ("image", "tag")) is None
    assert past.left(*said(path, B[:8], "controllers", "image", "tag")) == EarlierValue(base, path)


def test_the_first_and_the_last_time(story: Story) -> None:
    first = story.commit("all at A", agents(controllers=A, control_plane=A))
    story.commit("all at B", agents(controllers=B, control_plane=B))
    again = story.commit("back", agents(controllers=A, control_plane=A))
    base = story.commit("and forth", agents(controllers=B, control_plane=B))
    past, what = ValueHistory(story.root, base), said("apps/agents/values.yaml", A[:8], "image", "tag")
    assert past.first_held(*what) == EarlierValue(first, "apps/agents/values.yaml")
    assert past.last_held(*what) == EarlierValue(again, "apps/agents/values.yaml")


def test_a_key_that_was_renamed_in_a_commit_of_its_own(story: Story) -> None:
    """The digest is neither put in nor taken out by that commit, and ran under the key as it is now."""
    path = "apps/web/values.yaml"
    story.commit("image", {path: f"image:\n  digest: {A}\n"})
    renamed = story.commit("web", {path: f"web:\n  digest: {A}\n"})
    base = story.commit("another", {path: f"web:\n  digest: {B}\n"})
    assert ValueHistory(story.root, base).first_held(*said(path, A, "web", "digest")) == EarlierValue(renamed, path)


def test_what_was_on_a_merged_branch_alone_has_not_run(story: Story) -> None:
    """The branch tried B on the way to C; what was merged is C, as somebody resolved it."""
    story.commit("all at A", agents(controllers=A, control_plane=A))
    story.git("checkout", "--quiet", "-b", "promotion")
    story.commit("try B", agents(controllers=B, control_plane=B))
    story.commit("all at C", agents(controllers=C, control_plane=C))
    story.git("checkout", "--quiet", "main")
    story.git("merge", "--quiet", "--no-ff", "--no-edit", "promotion")
    merged = story.git("rev-parse", "HEAD")
    past, path = ValueHistory(story.root, story.commit("back", agents(controllers=A, control_plane=A))), "apps/agents/values.yaml"
    assert past.last_held(*said(path, B[:8], "image", "tag")) is None
    assert past.last_held(*said(path, C[:8], "image", "tag")) == EarlierValue(merged, path)


def test_a_copy_has_a_history_of_its_own(story: Story) -> None:
    story.commit("all at A", agents(controllers=A, control_plane=A))
    files = agents(controllers=B, control_plane=B)
    story.commit("all at B", files)
    base = story.commit("a copy", {"apps/preview/values.yaml": files["apps/agents/values.yaml"]})
    past = ValueHistory(story.root, base)
    assert past.last_held(*said("apps/preview/values.yaml", A[:8], "image", "tag")) is None


def test_a_file_that_the_base_lacks_has_no_known_history(story: Story) -> None:
    base = story.commit("all at A", agents(controllers=A, control_plane=A))
    found = ValueHistory(story.root, base).last_held(*said("apps/agents/new.yaml", A[:8], "image", "tag"))
    assert isinstance(found, Unknown)
    assert "apps/agents/new.yaml is not in" in found.reason


def test_which_files_differ_between_two_commits(source: Story) -> None:
    first, _, last = source.commits
    added = source.commit("a type", {"api/v1/types.go": "package v1\n", "api/README.md": "docs\n"})
    history = History(source.root)
    assert history.changed(first[:8], added, ("api/**/*.go", "crds/**")) == ("api/v1/types.go",)
    assert history.changed(first, last, ("api/**",)) == ()
    assert isinstance(history.changed(first, last, ("apis/**",)), Unknown)
    assert isinstance(history.changed(first, "c" * 10, ("api/**",)), Unknown)


def test_a_bare_clone_and_one_that_shows_signatures_answer_too(source: Story, tmp_path: Path) -> None:
    first, _, last = source.commits
    source.clone(tmp_path / "bare", "--bare")
    assert History(tmp_path / "bare").distance(first, last) == Distance(Relation.AHEAD, ahead=2)
    source.git("config", "log.showSignature", "true")
    assert not isinstance(History(source.root).date(first), Unknown)


def test_what_git_cannot_say_is_not_denied(source: Story, tmp_path: Path) -> None:
    """A commit whose parent is damaged: no ancestor is found, and none is ruled out."""
    first, second, last = source.commits
    (source.root / ".git/objects" / second[:2] / second[2:]).unlink()
    assert isinstance(History(source.root).distance(first, last), Unknown)
