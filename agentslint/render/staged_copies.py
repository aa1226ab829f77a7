"""The staged copies of a run. One that a render has left serves the next render of the same files.

To make a folder and to remove it costs a busy file system half a millisecond, a copy of a small application a fifth of its render.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock

from msgspec import Struct

from agentslint import files
from agentslint.model import Target
from agentslint.render.stage import copied, needs_stage, staged_paths

_MOST = 64
"""Copies that are kept for later renders; beyond it the one that waited longest is removed."""


class LentCopy(Struct):
    """A copy on the disk: its root, what it is a copy of, the files in it, and those that a render has changed."""

    root: Path
    key: object
    files: frozenset[str]
    changed: set[str] = set()


class Stage:
    """The staged copy of one render; it is made when it is asked for."""

    def __init__(self, copies: StagedCopies, target: Target) -> None:
        self._copies = copies
        self._target = target
        self.lent: LentCopy | None = None
        self.is_spoilt = needs_stage(target)
        """Whether a chart may be pulled into it: nobody uses it again then, and it stays, since the chart's defaults are read later."""
        self.is_used_once = False
        """Whether a program of the repository may have written anywhere in it: it is removed then."""

    def root(self, changes: Mapping[str, bytes]) -> Path:
        """Return the root of the copy, in which the files of `changes` (by path) hold other bytes; raises OSError."""
        if self.lent is None:
            self.lent = self._copies.taken(self._target)
        for path, data in changes.items():
            if self._is_read(path):
                self.write(path, data)
        return self.lent.root

    def write(self, path: str, data: bytes) -> None:
        """Write a file of the copy; raises OSError."""
        assert self.lent is not None
        self.changes(path)
        files.write_in(self.lent.root, path, data)

    def changes(self, path: str) -> None:
        """Take note of a file that a program will change."""
        if self.lent is not None:
            self.lent.changed.add(path)

    def spoil(self) -> None:
        """Take note that charts will be put into it."""
        self.is_spoilt = True

    def _is_read(self, path: str) -> bool:
        """Tell whether the renderer would read a file: what the deployer alone reads is not in the copy."""
        return self._target.source is None or not self._target.closure.reads(path) or self._target.source.reads(path)


class StagedCopies:
    """The copies of a run, in a folder that somebody else removes at its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._free: list[LentCopy] = []
        self._lock = Lock()

    @contextmanager
    def lent(self, target: Target) -> Iterator[Stage]:
        """Lend the copy for one render of a target. One that is spoilt, or whose render an error cut short, stays to the run's end."""
        stage = Stage(self, target)
        yield stage
        if stage.lent is not None and not stage.is_spoilt:
            self._returned(target.root, stage.lent, reusable=not stage.is_used_once)

    def taken(self, target: Target) -> LentCopy:
        """Return a copy of what a target reads: a free one, else a new one; raises OSError."""
        key = target.root, staged_paths(target), os.path.dirname(target.file)
        with self._lock:
            at = next((at for at, copy in enumerate(self._free) if copy.key == key), None)
            if at is not None:
                return self._free.pop(at)
        # Under its own name: a chart that is the repository itself is looked for by it.
        root = self._folder / f"tree-{next(self._numbers)}" / target.root.name
        return LentCopy(root, key, copied(target, root))

    def _returned(self, source: Path, copy: LentCopy, *, reusable: bool) -> None:
        gone = [copy]
        if reusable and _is_restored(copy, source):
            with self._lock:
                self._free.append(copy)
                gone = [self._free.pop(0) for _ in self._free[_MOST:]]
        for each in gone:
            shutil.rmtree(each.root.parent, ignore_errors=True)


def _is_restored(copy: LentCopy, source: Path) -> bool:
    """Give the changed files the bytes of the source again; tells whether the copy is then what it was."""
    top = os.path.realpath(copy.root)
    real = {os.path.relpath(os.path.realpath(copy.root / path), top) for path in copy.changed}
    if not real <= copy.files:
        return False
    try:
        _restore(copy.root, source, real)
    except OSError:
        return False
    copy.changed.clear()
    return True


def _restore(root: Path, source: Path, paths: Iterable[str]) -> None:
    for path in paths:
        # A file system may write a file at once that is cut and filled again.
        (root / path).unlink()
        files.copy_in(source, path, root)
