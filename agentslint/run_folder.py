"""The folder for all temporary files of a run, which goes with the run however that ends.

A run removes it itself. Where it is killed, a shell that waits at the other end of a pipe ends the run's programs and removes the
folder. Where that is killed, too (the end of a container's process group), the next run removes what has no owner any more:
each run holds a lock in its folder, and the system frees the lock with the process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentslint import children
from agentslint.errors import AgentslintError

_ATTEMPTS = 20
_PREFIX = "agentslint-run-"
_LOCK = "lock"
_OLD = 24 * 3600.0
"""Seconds after which nobody works in a folder that has no lock: making a folder in it renews its time."""
_WATCHER = Path(__file__).with_name("watcher.sh")


class _Run:
    """What this process has: its folder, the lock in it, the watcher of it, and the folders that are in use."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.used: set[Path] = set()
        self.lock = -1
        self.watcher: children.Process | None = None
        self.ending: list[children.Process] = []
        """Watchers that have been dismissed: they are gone in a moment, for which nobody waits."""
        self.swept = False
        self.alone = threading.RLock()


_run = _Run()


def temporary(name: str) -> Path:
    """Make a folder `name-...` in the folder of this run; give it to `remove` in the end. Raises AgentslintError."""
    with _run.alone:
        try:
            if _run.folder is None:
                _begin()
            assert _run.folder is not None
            made = _run.folder / f"{name}-{os.urandom(4).hex()}"
            made.mkdir(mode=0o700)
        except OSError as error:
            if not _run.used:
                _end()
            raise AgentslintError(_unusable(error)) from None
        _run.used.add(made)
        return made


def remove(folder: Path) -> None:
    """Remove a folder that `temporary` made, and with the last one that of the run."""
    _remove(folder)
    with _run.alone:
        _run.used.discard(folder)
        if not _run.used:
            _end()


@contextmanager
def held(name: str) -> Iterator[Path]:
    """Have a folder of the run for a while."""
    folder = temporary(name)
    try:
        yield folder
    finally:
        remove(folder)


def began(pid: int) -> None:
    """Tell the watcher of a process group that would outlive this process."""
    _tell(f"+{pid}\n")


def ended(pid: int) -> None:
    """Tell the watcher that a process group is gone; call it before the system may reuse its number."""
    _tell(f"-{pid}\n")


def _begin() -> None:
    """The watcher is there before the folder, so that no moment is left at which nobody would remove it."""
    _run.ending = [each for each in _run.ending if each.poll() is None]
    where = Path(tempfile.gettempdir()).resolve()
    if not _run.swept:
        _run.swept = True
        sweep(where)
    folder = where / f"{_PREFIX}{os.urandom(8).hex()}"
    _run.watcher = _watch(folder)
    _run.folder = folder
    folder.mkdir(mode=0o700)
    _run.lock = _locked(folder)


def _end() -> None:
    folder, lock, watcher = _run.folder, _run.lock, _run.watcher
    _run.folder, _run.lock, _run.watcher = None, -1, None
    if folder is not None:
        _remove(folder)
    if lock >= 0:
        os.close(lock)
    if watcher is not None and watcher.stdin is not None:
        watcher.stdin.close()
        _run.ending.append(watcher)


def _remove(folder: Path) -> None:
    """Remove a folder in which a program that was just killed may still finish a write."""
    for _ in range(_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.01)


def _unusable(error: OSError) -> str:
    """Python names all folders that it tried where none can be written; else the system names one."""
    reason = f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror or str(error)
    return f"no temporary folder can be made: {reason}; set TMPDIR to a folder that can be written and has room"


def _watch(folder: Path) -> children.Process | None:
    """Start the watcher, in a session of its own: what ends this process by its terminal or its group does not reach it."""
    quiet = children.NOTHING
    command = ["/bin/sh", str(_WATCHER), str(folder)]
    environ = {"PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/bin:/bin"}
    try:
        watcher = children.start(
            command, profile=children.Profile.FREE, environ=environ, cwd="/",
            stdin=children.PIPE, stdout=quiet, stderr=quiet, start_new_session=True, bufsize=0,
        )  # fmt: skip
    except OSError:
        return None
    assert watcher.stdin is not None
    os.set_blocking(watcher.stdin.fileno(), False)
    return watcher


def _tell(line: str) -> None:
    watcher = _run.watcher
    if watcher is not None and watcher.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            os.write(watcher.stdin.fileno(), line.encode())


def _locked(folder: Path) -> int:
    """Hold the lock of a folder; it gets its name when it is held, since a sweep may look at any moment."""
    import fcntl

    descriptor = os.open(folder / f"{_LOCK}.new", os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(folder / f"{_LOCK}.new", folder / _LOCK)  # noqa: PTH104
    except OSError:
        # Some file systems know no locks: what a killed run leaves there is swept when it is old.
        os.close(descriptor)
        return -1
    return descriptor


def sweep(where: Path) -> None:
    """Remove the folders of runs that are no more: those of this user whose lock nobody holds, or old ones without. Follows no link."""
    try:
        with os.scandir(where) as entries:
            left = [entry.path for entry in entries if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for path in left:
        with contextlib.suppress(OSError):
            _sweep_one(path)


def _sweep_one(path: str) -> None:
    import fcntl

    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(folder)
        if status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return
        try:
            lock = os.open(_LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        except FileNotFoundError:
            # A run was killed before it held its lock, or the file system knows none.
            if time.time() - status.st_mtime > _OLD:
                _remove_all(path)
            return
        try:
            if not stat.S_ISREG(os.fstat(lock).st_mode):
                return
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove_all(path)
        finally:
            os.close(lock)
    finally:
        os.close(folder)


def _remove_all(path: str) -> None:
    """The lock goes last: a sweep that is interrupted is taken up by the next one."""
    for name in os.listdir(path):
        if name != _LOCK:
            inner = os.path.join(path, name)
            if os.path.isdir(inner) and not os.path.islink(inner):  # noqa: PTH114
                shutil.rmtree(inner)
            else:
                os.unlink(inner)  # noqa: PTH108
    shutil.rmtree(path)
