"""The processes that a run leaves: as a subreaper, this process inherits every orphan below it (Linux)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import time
from pathlib import Path

_SET_CHILD_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""
_NAP = 0.02


def adopt_orphans() -> None:
    """Become the parent of whatever outlives its own."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def left_after(seconds: float) -> list[str]:
    """Wait until no child is left, at most for so long; returns the command lines of those that are."""
    end = time.monotonic() + seconds
    while (found := _children()) and time.monotonic() < end:
        time.sleep(_NAP)
        _reap()
    return [_named(pid) for pid in found]


def end_all() -> None:
    """End the children that are left, so that the next run begins alone."""
    while found := _children():
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        _reap()
        time.sleep(_NAP)


def _children() -> list[int]:
    """The children that live; children of theirs come to us when those end."""
    _reap()
    tasks = Path(f"/proc/{os.getpid()}/task")
    return sorted({int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()})


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _named(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[:120].strip()
    except OSError:
        return f"process {pid}"
