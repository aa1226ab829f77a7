"""A target that disappears and one that appears with the same files are one that has moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agentslint.change.changed import ADDED, DELETED, blob_of
from agentslint.change.tree import BaseTree
from agentslint.model import Target

_ALIKE = 0.5
"""The part of its bytes that a moved target keeps in files that stay as they are; git wants as much of a file that was renamed."""
_Blobs = Mapping[str, int]
"""Blobs and their sizes."""


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
    gone = {pair.name: _blobs(tree, pair, DELETED) for pair in pairs if pair.head is None}
    come = {pair.name: _blobs(tree, pair, ADDED) for pair in pairs if pair.base is None}
    by_name = {pair.name: pair for pair in pairs if pair.name in gone or pair.name in come}
    alike = sorted(((_likeness(gone[old], come[new]), old, new) for old in gone for new in come), reverse=True)
    joined: dict[str, Pair] = {}
    for likeness, old, new in alike:
        if likeness >= _ALIKE and old not in joined and new not in joined:
            files = sorted({*by_name[old].files, *by_name[new].files})
            joined[old] = joined[new] = Pair(by_name[old].base, by_name[new].head, tuple(files))
    return list({id(pair): pair for pair in (joined.get(pair.name, pair) for pair in pairs)}.values())


def _blobs(tree: BaseTree, pair: Pair, what: str) -> _Blobs:
    paths = [path for path in pair.files if tree.changed.files[path] == what and not path.endswith("/")]
    return dict(_at_base(tree, path) if what == DELETED else _here(tree, path) for path in paths)


def _at_base(tree: BaseTree, path: str) -> tuple[str, int]:
    return tree.files.entries[path].blob, (tree.root / path).lstat().st_size


def _here(tree: BaseTree, path: str) -> tuple[str, int]:
    return blob_of(tree.files, path), Path(tree.here, path).lstat().st_size


def _likeness(old: _Blobs, new: _Blobs) -> float:
    most = max(sum(old.values()), sum(new.values()))
    return sum(size for blob, size in old.items() if blob in new) / most if most else 0.0
