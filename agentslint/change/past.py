"""What a file held before: a digest that ran once is a way back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agentslint.change.ancestry import DEEPER, Unknown

if TYPE_CHECKING:
    from agentslint.change.git import Git
    from agentslint.model import Pointer


@dataclass(frozen=True)
class Earlier:
    """A commit of this repository after which a file held something, and the file's path there."""

    commit: str
    path: str


@dataclass(frozen=True)
class Past:
    """The history of this repository's files up to the base; each question is asked once."""

    root: Path
    commit: str
    network: bool = True
    _answers: dict[tuple[str, str, Pointer], Earlier | Unknown | None] = field(default_factory=dict)

    def held(self, path: str, text: str, key_path: Pointer = ()) -> Earlier | Unknown | None:
        """Return the last commit up to the base after which a file held `text`, under a key path if one is given; None for never.

        Looked at are the commits that put the text in or took some of it out; the file is followed through renames. Unknown where a
        shallow clone does not tell.
        """
        key = path, text, key_path
        if key not in self._answers:
            self._answers[key] = self._ask(path, text, key_path)
        return self._answers[key]

    def text(self, earlier: Earlier, path: str, key_path: Pointer) -> str | None:
        """Return what stood under a key path of a file at an earlier commit; None where nothing did."""
        git = self._git
        found = [] if isinstance(git, Unknown) else list(_texts(git, earlier.commit, path, key_path))
        return found[0] if found else None

    def left(self, path: str, text: str, key_path: Pointer = ()) -> Earlier | Unknown | None:
        """Return the commit that last wrote something else where a file had held `text`; None where it never did, or still does."""
        git = self._git
        if isinstance(git, Unknown):
            return git
        since: Earlier | None = None
        for earlier in self._commits(git, path, text):
            if any(text in found for found in _texts(git, earlier.commit, earlier.path, key_path)):
                return since
            since = earlier
        return self._cut_off(git, path)

    def date(self, earlier: Earlier) -> datetime.datetime:
        """Return when an earlier commit was committed."""
        git = self._git
        assert not isinstance(git, Unknown)
        seconds = int(git.ask("show", "--no-patch", "--format=%ct", earlier.commit))
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)

    def _ask(self, path: str, text: str, key_path: Pointer) -> Earlier | Unknown | None:
        git = self._git
        if isinstance(git, Unknown):
            return git
        for earlier in self._commits(git, path, text):
            if any(text in found for found in _texts(git, earlier.commit, earlier.path, key_path)):
                return earlier
        return self._cut_off(git, path)

    def _commits(self, git: Git, path: str, text: str) -> Iterator[Earlier]:
        """Yield the commits up to the base that put a text into a file, or took some of it out, the last one first."""
        words = ("log", "-z", "--format=%x01%H", "--name-only", "--diff-filter=d", "--follow", f"-S{text}", self.commit, "--", path)
        for entry in (git.answer(*words) or "").split("\x01")[1:]:
            commit, *paths = [part.strip("\n") for part in entry.split("\0") if part.strip("\n")]
            yield from (Earlier(commit, path) for path in paths[:1])

    @staticmethod
    def _cut_off(git: Git, path: str) -> Unknown | None:
        return Unknown(f"what {path} held before is not in this clone, which is shallow; {DEEPER}") if git.is_shallow else None

    @cached_property
    def _git(self) -> Git | Unknown:
        from agentslint.change.git import Git, GitError

        try:
            return Git.of(str(self.root), self.network)
        except GitError as error:
            return Unknown(str(error))


def _texts(git: Git, commit: str, path: str, key_path: Pointer) -> Iterator[str]:
    """Yield the scalar under a key path of a file at a commit, or the block of text that the key path leads into; without one, the file."""
    from agentslint.change.git import GitError
    from agentslint.documents import Document
    from agentslint.yamlread import YamlError, compose

    try:
        data = git.ask("cat-file", "blob", f"{commit}:{path}")
        if not key_path:
            yield data.decode("utf-8", "replace")
            return
        for node in compose(data, path, duplicate_keys=True):
            document = Document(path, node)
            for scalar in document.scalars:
                own = document.location(scalar).key_path
                if key_path[: len(own)] == own:
                    yield scalar.text
    except (GitError, YamlError):
        return
