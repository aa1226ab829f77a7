"""Earlier values of a file: a digest that ran before is a rollback."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from agentslint.git.ancestry import DEEPER, Unknown, or_unknown
from agentslint.git.command import Git, GitError, fields

if TYPE_CHECKING:
    from agentslint.authorship.documents import Document
    from agentslint.model import Pointer

Answer = TypeVar("Answer")
_MANY = 200
"""Commits of one file that are looked into one by one, the last ones."""
Says = Callable[[str], bool]
"""Whether a scalar's text matches."""


class EarlierValue(Struct, frozen=True):
    """A commit of this repository after which a file held something, and the file's path there."""

    commit: str
    path: str


class ValueHistory(Struct, frozen=True, dict=True):
    """The history of this repository's files up to the base, as the branch of the base saw it; each question is asked once.

    Commits of a merged branch have never been deployed from here: only first parents count.
    """

    root: Path
    commit: str
    network: bool = True
    _answers: dict[tuple[Any, ...], Any] = {}
    _documents: dict[EarlierValue, tuple[Document, ...]] = {}

    def ever_held(self, path: str, text: str) -> bool | Unknown:
        """Tell whether a text ever stood in a file, wherever in it."""
        found = self._once(("ever", path, text), lambda git: bool(next(self._commits(git, path, text), None)) or self._cut_off(git, path))
        return found if isinstance(found, Unknown) else bool(found)

    def ever_held_below(self, folder: str, text: str) -> bool | Unknown:
        """Tell whether a text ever stood in a file below a folder ("." for the top)."""
        here = EarlierValue(self.commit, folder)
        found = self._once(
            ("below", folder, text), lambda git: bool(_log(git, here, f"-S{text}", "--max-count=1")) or self._cut_off(git, folder)
        )
        return found if isinstance(found, Unknown) else bool(found)

    def first_held(self, path: str, text: str, key_path: Pointer, says: Says) -> EarlierValue | Unknown | None:
        """Return the first commit up to the base after which the scalar under a key path said a `text`; None where it never did.

        Unknown where a shallow clone does not tell, and where git fails. The file is followed through renames.
        """
        return self._once(("first", path, text, key_path), lambda git: self._first_held(git, path, text, key_path, says))

    def last_held(self, path: str, text: str, key_path: Pointer, says: Says) -> EarlierValue | Unknown | None:
        """Return the last such commit."""
        return self._once(("last", path, text, key_path), lambda git: self._last_held(git, path, text, key_path, says))

    def left(self, path: str, text: str, key_path: Pointer, says: Says) -> EarlierValue | Unknown | None:
        """Return the commit that last wrote something else where a scalar had said `text`; None where it never did, or still does."""
        return self._once(("left", path, text, key_path), lambda git: self._left(git, path, text, key_path, says))

    def text(self, earlier: EarlierValue, key_path: Pointer) -> str | None:
        """Return the value under a key path of a file at an earlier commit; None if there was none."""
        found = self._once(("text", earlier, key_path), lambda git: next(self._texts(git, earlier, key_path), None))
        return found if isinstance(found, str) else None

    def date(self, earlier: EarlierValue) -> datetime.datetime | Unknown:
        """Return when an earlier commit was committed."""
        return self._once(("date", earlier), lambda git: git.date(earlier.commit))

    def _once(self, key: tuple[Any, ...], ask: Callable[[Git], Answer]) -> Answer | Unknown:
        if key not in self._answers:
            self._answers[key] = or_unknown(lambda: ask(self._git))
        answer: Answer | Unknown = self._answers[key]
        return answer

    def _first_held(self, git: Git, path: str, text: str, key_path: Pointer, says: Says) -> EarlierValue | Unknown | None:
        commits = list(self._commits(git, path, text))
        # Who renames the key above a text neither puts it in nor takes it out.
        for among in (commits, list(islice(self._commits(git, path, ""), _MANY)) if commits else []):
            if found := next((earlier for earlier in reversed(among) if self._said(git, earlier, key_path, says)), None):
                return found
        return self._cut_off(git, path)

    def _last_held(self, git: Git, path: str, text: str, key_path: Pointer, says: Says) -> EarlierValue | Unknown | None:
        held = (earlier for earlier in self._commits(git, path, text) if self._said(git, earlier, key_path, says))
        return next(held, None) or self._cut_off(git, path)

    def _left(self, git: Git, path: str, text: str, key_path: Pointer, says: Says) -> EarlierValue | Unknown | None:
        since: EarlierValue | None = None
        for earlier in self._commits(git, path, text):
            if self._said(git, earlier, key_path, says):
                return since
            since = earlier
        return self._cut_off(git, path)

    def _said(self, git: Git, earlier: EarlierValue, key_path: Pointer, says: Says) -> bool:
        return any(map(says, self._texts(git, earlier, key_path)))

    def _commits(self, git: Git, path: str, text: str) -> Iterator[EarlierValue]:
        """Yield the commits up to the base that put a text into a file, or took some of it out, the last one first; all without a text."""
        here: EarlierValue | None = EarlierValue(self.commit, path)
        if git.answer("cat-file", "-e", f"{self.commit}:{path}") is None:
            raise GitError(f"{path} is not in {self.commit[:10]}, so its history is unknown")
        while here:
            log = _log(git, here, "--diff-filter=d", f"-S{text}") if text else _log(git, here)
            yield from (EarlierValue(commit, here.path) for commit in log)
            here = _before_its_name(git, here)

    def _texts(self, git: Git, earlier: EarlierValue, key_path: Pointer) -> Iterator[str]:
        """Yield the scalar under a key path of a file at a commit, or the block of text that the key path leads into."""
        for document in self._documents_of(git, earlier):
            for scalar in document.scalars:
                own = document.location(scalar).key_path
                if key_path[: len(own)] == own:
                    yield scalar.text

    def _documents_of(self, git: Git, earlier: EarlierValue) -> tuple[Document, ...]:
        from agentslint.authorship.documents import Document
        from agentslint.yamlread import YamlError, compose

        if earlier not in self._documents:
            blob = git.answer("rev-parse", "--verify", "--quiet", f"{earlier.commit}:{earlier.path}")
            try:
                nodes = list(compose(git.ask("cat-file", "blob", blob), earlier.path, duplicate_keys=True)) if blob else []
            except YamlError:
                nodes = []
            self._documents[earlier] = tuple(Document(earlier.path, node) for node in nodes)
        return self._documents[earlier]

    @staticmethod
    def _cut_off(git: Git, path: str) -> Unknown | None:
        return Unknown(f"the history of {path} is not in this clone, which is shallow; {DEEPER}") if git.is_shallow else None

    @cached_property
    def _git(self) -> Git:
        return Git.of(str(self.root), self.network)


def _log(git: Git, here: EarlierValue, *words: str) -> list[str]:
    command = ("log", "--first-parent", "-m", "--no-renames", "--format=%H", *words)
    return git.ask(*command, "--end-of-options", here.commit, "--", f":(top,literal){here.path}").decode().split()


def _before_its_name(git: Git, here: EarlierValue) -> EarlierValue | None:
    """Where a file was before it got its name, if it was moved; a copy has a history of its own."""
    added = _log(git, here, "--diff-filter=A", "--max-count=1")
    parent = git.commit(f"{added[0]}^") if added else None
    if parent is None:
        return None
    rows = fields(git.ask("diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status", parent, added[0]))
    moved = {new: old for old, new in zip(rows[1::3], rows[2::3], strict=True)}
    return EarlierValue(parent, moved[here.path]) if here.path in moved else None
