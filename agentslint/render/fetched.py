"""Folders that are fetched once and served to every render: charts and remote bases.

Each has a lock of its own, within the run and between runs, and appears in the cache whole or not at all. The shims look up in an
index which folder answers a request.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from agentslint import files
from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup
from agentslint.render.pull import PullError

Key = TypeVar("Key", bound=Hashable)


class Fetched(Generic[Key]):
    """The folders of one run, by request. `row` gives the columns of the index by which a shim knows the request again."""

    def __init__(self, run_folder: Path, row: Callable[[Key], Sequence[str]], group: ProcessGroup) -> None:
        self.index = run_folder / "index"
        self._row = row
        self._group = group
        self._writing = Lock()
        self._outcomes: dict[Key, Path | PullError] = {}
        self._locks: dict[Key, Lock] = {}
        self._write_index()

    def provide(self, key: Key, find: Callable[[], Path]) -> Path:
        """Return the folder that `find` returned; raises its PullError, the same one each time. May be called from several threads."""
        with self._locks.setdefault(key, Lock()):
            if key not in self._outcomes:
                self._outcomes[key] = _outcome(key, find)
                self._write_index()
        outcome = self._outcomes[key]
        if isinstance(outcome, PullError):
            raise outcome
        return outcome

    def keep(self, place: Path, limits: Limits, fetch: Callable[[Path], None]) -> None:
        """Let `fetch` make a folder beside `place`, and move it there whole; raises its PullError, and OSError."""
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place, limits, self._group):
            if place.is_dir():
                return
            part = place.with_name(place.name + ".part")
            # An earlier run may have been interrupted.
            shutil.rmtree(part, ignore_errors=True)
            try:
                fetch(part)
                os.replace(part, place)
            finally:
                shutil.rmtree(part, ignore_errors=True)

    def _write_index(self) -> None:
        """Replace the index as a whole, since a shim may be reading it."""
        with self._writing:
            served = [(*self._row(key), str(folder)) for key, folder in list(self._outcomes.items()) if isinstance(folder, Path)]
            text = "".join("\t".join(row) + "\n" for row in served if not any(re.search(r"[\t\n]", word) for word in row))
            fresh = self.index.with_suffix(".new")
            files.write(fresh, text.encode())
            fresh.replace(self.index)


def _outcome(key: object, find: Callable[[], Path]) -> Path | PullError:
    try:
        return find()
    except PullError as error:
        return error
    except OSError as error:
        return PullError(f"{key} cannot be kept in the cache: {error.strerror or error}: {error.filename or ''}".rstrip(": "))


@contextmanager
def _locked(place: Path, limits: Limits, group: ProcessGroup) -> Iterator[None]:
    """Hold the lock of a place in the cache against other runs; raises PullError, also when this run is interrupted."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{place}.lock")
    for _ in range(max(1, int(limits.timeout * 5))):
        if group.stopped:
            raise PullError("interrupted")
        try:
            lock.acquire(timeout=0.2)
        except Timeout:
            continue
        try:
            yield
        finally:
            lock.release()
        return
    raise PullError(f"another run has been pulling {place.name} for {limits.timeout:g} s")
