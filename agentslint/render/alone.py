"""The lock of what is being fetched, against other runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup
from agentslint.render.pull import PullError


@contextmanager
def alone(place: Path, limits: Limits, group: ProcessGroup) -> Iterator[None]:
    """Hold the lock of a place in the cache; raises PullError, also when this run is interrupted."""
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
