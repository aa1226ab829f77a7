"""A target that disappears and one that appears with the same files are one that has moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agentslint import files
from agentslint.change.changed import ADDED, DELETED
from agentslint.change.tree import BaseTree
from agentslint.model import Target

_FILES, _LINES = 0.5, 0.9
"""The part of its text that a moved target keeps in files that stay as they are, or else line by line: two applications that were made
from one template share most of their lines, and few files."""
_Texts = Sequence[bytes]


@dataclass(frozen=True)
class Pair:
    """One target at the base and now. `files` are the changed files that it reads, then or now."""

    base: Target | None
    head: Target | None
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The target's name, the one of today where it has moved."""
        return self.head.name if self.head else self.base.name if self.base else ""


def with_moved(tree: BaseTree, pairs: Sequence[Pair]) -> list[Pair]:
    """Join what has gone with what has come, the most alike first."""
    gone = {pair.name: _texts(tree, pair, DELETED) for pair in pairs if pair.head is None}
    come = {pair.name: _texts(tree, pair, ADDED) for pair in pairs if pair.base is None}
    by_name = {pair.name: pair for pair in pairs if pair.name in gone or pair.name in come}
    alike = sorted(((_likeness(gone[old], come[new]), old, new) for old in gone for new in come), reverse=True)
    joined: dict[str, Pair] = {}
    for likeness, old, new in alike:
        if likeness >= 1 and old not in joined and new not in joined:
            files = sorted({*by_name[old].files, *by_name[new].files})
            joined[old] = joined[new] = Pair(by_name[old].base, by_name[new].head, tuple(files))
    return list({id(pair): pair for pair in (joined.get(pair.name, pair) for pair in pairs)}.values())


def _texts(tree: BaseTree, pair: Pair, what: str) -> _Texts:
    """The files of a target that went, or came, with it."""
    folder = Path(tree.root if what == DELETED else tree.here)
    paths = [path for path in pair.files if tree.changed.files[path] == what and not path.endswith("/")]
    return [files.read_in(folder, path) for path in paths if files.is_file_in(folder, path)]


def _likeness(old: _Texts, new: _Texts) -> float:
    """Return 1 or more for what is alike."""
    lines = [Counter(line for text in texts for line in text.splitlines()) for texts in (old, new)]
    return max(_shared(Counter(old), Counter(new)) / _FILES, _shared(*lines) / _LINES)


def _shared(old: Counter[bytes], new: Counter[bytes]) -> float:
    most = max(_size(old), _size(new))
    return _size(old & new) / most if most else 0.0


def _size(texts: Counter[bytes]) -> int:
    return sum(len(text) * count for text, count in texts.items())
