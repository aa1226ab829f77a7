"""Which of two commits is ahead, asked of git in the repository that the images are built from.

git alone knows: a SHA's text says nothing, and neither do dates. What is not known there (a commit of another repository, one that was
squashed away) and what a shallow clone cannot tell is an answer of its own, never a guess.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from agentslint.git.command import Git

DEEPER = "get its whole history: fetch-depth: 0, or git fetch --unshallow"
Answer = TypeVar("Answer")
_HEX = re.compile(r"[0-9a-f]{4,64}")


class Relation(str, Enum):
    """How a commit lies to another one."""

    SAME = "same"
    AHEAD = "ahead"
    BEHIND = "behind"
    DIVERGED = "diverged"


class Distance(Struct, frozen=True):
    """How a new commit lies to an old one: the commits that it has and the other lacks, and the reverse.

    A number is None in a shallow clone, where the count would be too small.
    """

    relation: Relation
    ahead: int | None = 0
    behind: int | None = 0


class Unknown(Struct, frozen=True):
    """Why git cannot tell."""

    reason: str


class History:
    """The commits of the repository that `folder` is in, which people know by a `name`; each question is asked once."""

    def __init__(self, folder: Path, name: str = "", network: bool = True) -> None:
        self.folder = folder
        self.name = name or str(folder)
        self._network = network
        self._commits: dict[str, str | Unknown] = {}
        self._distances: dict[tuple[str, str], Distance | Unknown] = {}

    def commit(self, sha: str) -> str | Unknown:
        """Return the whole id of the commit that a SHA, abbreviated or not, belongs to."""
        if sha not in self._commits:
            git = self._git
            self._commits[sha] = git if isinstance(git, Unknown) else _commit(git, sha.lower(), self.name)
        return self._commits[sha]

    def distance(self, old: str, new: str) -> Distance | Unknown:
        """Say how `new` lies to `old`; both are SHAs as images carry them."""
        git, before, after = self._git, self.commit(old), self.commit(new)
        if isinstance(git, Unknown):
            return git
        if isinstance(before, Unknown):
            return before
        if isinstance(after, Unknown):
            return after
        if (before, after) not in self._distances:
            self._distances[before, after] = or_unknown(lambda: _distance(git, before, after, self.name))
        return self._distances[before, after]

    def changed(self, old: str, new: str, globs: Sequence[str]) -> tuple[str, ...] | Unknown:
        """Return the files that differ between two commits, of those that one of the globs (gitignore's, from the top) names."""
        git, before, after = self._git, self.commit(old), self.commit(new)
        if isinstance(git, Unknown):
            return git
        if isinstance(before, Unknown) or isinstance(after, Unknown):
            return next(each for each in (before, after) if isinstance(each, Unknown))
        return or_unknown(lambda: _changed(git, before, after, globs, self.name))

    def date(self, sha: str) -> datetime.datetime | Unknown:
        """Return when a commit was committed."""
        git, commit = self._git, self.commit(sha)
        if isinstance(git, Unknown):
            return git
        if isinstance(commit, Unknown):
            return commit
        return or_unknown(lambda: git.date(commit))

    @cached_property
    def _git(self) -> Git | Unknown:
        from agentslint.git.command import Git, GitError

        try:
            return Git.of(str(self.folder), self._network, bare=True)
        except GitError as error:
            return Unknown(f"{self.name}: {error}; the source of a group is a clone of the repository that its images are built from")


def or_unknown(ask: Callable[[], Answer]) -> Answer | Unknown:
    """What git cannot say is not known."""
    from agentslint.git.command import GitError

    try:
        return ask()
    except GitError as error:
        return Unknown(str(error))


def _changed(git: Git, old: str, new: str, globs: Sequence[str], name: str) -> tuple[str, ...] | Unknown:
    from agentslint.git.command import fields

    paths = [f":(top,glob){glob}" for glob in globs]
    found = tuple(fields(git.ask("diff", "--name-only", "--no-renames", "-z", old, new, "--", *paths)))
    if not found and not any(git.ask("diff", "--name-only", git.nothing, each, "--", *paths) for each in (new, old, "HEAD")):
        return Unknown(f"no file of {name} matches {', '.join(globs)}")
    return found


def _commit(git: Git, sha: str, name: str) -> str | Unknown:
    """Look among object ids alone: a branch or tag that is named like a SHA is not meant."""
    ids = (git.answer("rev-parse", f"--disambiguate={sha}") or "") if _HEX.fullmatch(sha) else ""
    rows = git.ask("cat-file", "--batch-check", stdin=f"{ids}\n".encode()).decode().splitlines() if ids else []
    commits = [found for found, kind, *_ in map(str.split, rows) if kind == "commit"]
    if len(commits) == 1:
        return commits[0]
    if commits:
        return Unknown(f"{sha} is ambiguous: {len(commits)} commits in {name} begin with it")
    if git.is_shallow:
        return Unknown(f"the commit {sha} is not in {name}, which is a shallow clone; {DEEPER}")
    return Unknown(f"the commit {sha} is not in {name}: it is another repository's, or was squashed away when its branch was merged")


def _distance(git: Git, old: str, new: str, name: str) -> Distance | Unknown:
    if old == new:
        return Distance(Relation.SAME)
    if _is_ancestor(git, old, new):
        return Distance(Relation.AHEAD, ahead=_count(git, old, new))
    if _is_ancestor(git, new, old):
        return Distance(Relation.BEHIND, behind=_count(git, new, old))
    if git.is_shallow:
        return Unknown(f"the relation of {new[:10]} to {old[:10]} is unknown in {name}, which is a shallow clone; {DEEPER}")
    return Distance(Relation.DIVERGED, _count(git, old, new), _count(git, new, old))


def _is_ancestor(git: Git, old: str, new: str) -> bool:
    return git.holds("merge-base", "--is-ancestor", old, new)


def _count(git: Git, old: str, new: str) -> int | None:
    return None if git.is_shallow else int(git.ask("rev-list", "--count", f"{old}..{new}"))
