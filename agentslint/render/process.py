"""One renderer process with limits on time, memory and output; each breach has a name of its own.

On Linux the memory limit is RLIMIT_DATA, which stops Go programs cleanly and is inherited by the helm that kustomize
starts; elsewhere the memory of the process tree is watched.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

WATCHED = not sys.platform.startswith("linux")
_CHUNK = 1 << 18
_ERROR_TEXT = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Seconds for one render, bytes of memory for each process, bytes of output."""

    timeout: float = 120.0
    memory: int = 2 << 30
    output: int = 256 << 20


@dataclass(frozen=True)
class Completed:
    """How a process ended. `breach` is "", "timeout", "memory" or "output"."""

    stdout: bytes
    stderr: str
    status: int
    breach: str = ""


@dataclass
class ProcessGroup:
    """The processes under way, so that an interrupt can end them all."""

    running: set[int] = field(default_factory=set)
    stopped: bool = False

    def stop(self) -> None:
        """End every process that is under way, and those that would start later."""
        self.stopped = True
        for pid in list(self.running):
            _kill(pid)


def run(command: Sequence[str], *, environ: Mapping[str, str], cwd: Path, limits: Limits, group: ProcessGroup) -> Completed:
    """Run `command` to its end or to its first limit; raises OSError when it cannot be started."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, cwd=cwd, start_new_session=True
    )
    group.running.add(process.pid)
    try:
        _limit_memory(process.pid, limits.memory)
        if group.stopped:
            _kill(process.pid)
        return _collect(process, limits)
    finally:
        _kill(process.pid)
        process.wait()
        group.running.discard(process.pid)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _collect(process: subprocess.Popen[bytes], limits: Limits) -> Completed:
    out, err = bytearray(), bytearray()
    breach = _read(process, out, err, limits)
    if breach:
        _kill(process.pid)
    status = process.wait()
    text = err.decode("utf-8", "replace")
    if not breach and status and ran_out_of_memory(text, status):
        breach = "memory"
    return Completed(bytes(out), text, status, breach)


def _read(process: subprocess.Popen[bytes], out: bytearray, err: bytearray, limits: Limits) -> str:
    """Fill `out` and `err` until both pipes are closed; returns the limit that was reached, or ""."""
    deadline = time.monotonic() + limits.timeout
    with selectors.DefaultSelector() as selector:
        for pipe, buffer in ((process.stdout, out), (process.stderr, err)):
            assert pipe is not None
            selector.register(pipe, selectors.EVENT_READ, buffer)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            for key, _ in selector.select(min(left, 0.1) if WATCHED else left):
                if not _drain(key.fileobj, key.data):  # type: ignore[arg-type]
                    selector.unregister(key.fileobj)
            if len(out) > limits.output:
                return "output"
            del err[_ERROR_TEXT:]
            if WATCHED and tree_memory(process.pid) > limits.memory:
                return "memory"
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return "timeout"
    return ""


def _drain(pipe: IO[bytes], buffer: bytearray) -> bool:
    chunk = os.read(pipe.fileno(), _CHUNK)
    buffer += chunk
    return bool(chunk)


def ran_out_of_memory(stderr: str, status: int) -> bool:
    """Tell whether a Go program (or its helm) says that its memory limit stopped it."""
    words = ("cannot allocate memory", "out of memory", "failed to reserve page summary memory", "failed to allocate")
    return any(word in stderr for word in words) or status == -signal.SIGKILL


def tree_memory(pid: int) -> int:
    """Return the resident bytes of a process and of all that it started."""
    import psutil

    total = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total


def _limit_memory(pid: int, size: int) -> None:
    if WATCHED:
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.prlimit(pid, resource.RLIMIT_DATA, (size, size))


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
