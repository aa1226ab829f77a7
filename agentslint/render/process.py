"""One process with limits on time, memory and output; each breach has a name of its own."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from msgspec import Struct

from agentslint import memory, run_folder
from agentslint.access import Access
from agentslint.children import NOTHING, OWN_GROUP, OWN_SESSION, PIPE, Process, Profile, StillRunning, start
from agentslint.render.options import Limits

WATCHED = memory.WATCHED
_CHUNK = 1 << 18
_ERROR_TEXT = 1 << 20
_GLANCE = 0.1
"""Seconds between two looks at the memory of a process that is watched."""


class Completed(Struct, frozen=True):
    """How a process ended. `breach` is "", "timeout", "memory" or "output"; a negative `status` is the signal that ended it."""

    stdout: bytes
    stderr: str
    status: int
    breach: str = ""


class ProcessGroup(Struct):
    """The processes under way, so that an interrupt can end them all."""

    running: set[int] = set()
    stopped: bool = False

    def began(self, pid: int) -> None:
        """Take note of a process that leads a group of its own."""
        self.running.add(pid)
        run_folder.began(pid)

    def ended(self, pid: int) -> None:
        """Forget a process."""
        run_folder.ended(pid)
        self.running.discard(pid)

    def stop(self) -> None:
        """End every process that is under way, and those that would start later."""
        self.stopped = True
        for pid in list(self.running):
            _kill(pid)


def run(
    command: Sequence[str],
    *,
    profile: Profile,
    access: Access | None = None,
    environ: Mapping[str, str],
    cwd: Path,
    limits: Limits,
    group: ProcessGroup,
    silent: bool = False,
) -> Completed:
    """Run `command` to its end or to its first limit, and end all that it started; raises OSError when it cannot be started.

    With `silent` it has no terminal on which it could ask for a password.
    """
    pipes = {"stdin": NOTHING, "stdout": PIPE, "stderr": PIPE}
    own = OWN_SESSION if silent else OWN_GROUP
    process = start(command, profile=profile, access=access, environ=environ, cwd=cwd, **pipes, **own)
    group.began(process.pid)
    try:
        if not WATCHED:
            memory.limit(process.pid, limits.memory)
        if group.stopped:
            _kill(process.pid)
        return _collect(process, limits)
    finally:
        _kill(process.pid)
        group.ended(process.pid)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _collect(process: Process, limits: Limits) -> Completed:
    out, err = bytearray(), bytearray()
    breach = _read(process, out, err, limits)
    if breach:
        _kill(process.pid)
    status = process.wait()
    text = err.decode("utf-8", "replace")
    if not breach and status and memory.ran_out(text):
        breach = "memory"
    return Completed(bytes(out), text, status, breach)


def _read(process: Process, out: bytearray, err: bytearray, limits: Limits) -> str:
    """Fill `out` and `err` until both pipes are closed; returns the limit that was reached, or ""."""
    deadline = time.monotonic() + limits.timeout
    glance = time.monotonic() + _GLANCE
    with _pipes(process, out, err) as selector:
        while selector.get_map():
            now = time.monotonic()
            if now >= deadline:
                return "timeout"
            if WATCHED and now >= glance:
                if memory.of_tree(process.pid) > limits.memory:
                    return "memory"
                glance = time.monotonic() + _GLANCE
            for key, _ in selector.select((min(glance, deadline) if WATCHED else deadline) - now):
                if not _drain(key.fileobj, key.data):  # type: ignore[arg-type]
                    selector.unregister(key.fileobj)
            if len(out) > limits.output:
                return "output"
            del err[_ERROR_TEXT:]
    return _ended(process, deadline)


def _pipes(process: Process, out: bytearray, err: bytearray) -> selectors.BaseSelector:
    selector = selectors.DefaultSelector()
    for pipe, buffer in ((process.stdout, out), (process.stderr, err)):
        assert pipe is not None
        selector.register(pipe, selectors.EVENT_READ, buffer)
    return selector


def _drain(pipe: IO[bytes], buffer: bytearray) -> bool:
    chunk = os.read(pipe.fileno(), _CHUNK)
    buffer += chunk
    return bool(chunk)


def _ended(process: Process, deadline: float) -> str:
    """Wait for a process that has closed its pipes."""
    _await_end(process.pid, deadline)
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except StillRunning:
        return "timeout"
    return ""


def _await_end(pid: int, deadline: float) -> None:
    """Wait until a process ends, where the system tells it (Linux): `Popen.wait` with a timeout naps for a millisecond or more."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.pidfd_open(pid)
        try:
            ended = select.poll()
            ended.register(descriptor, select.POLLIN)
            ended.poll(max(0.0, deadline - time.monotonic()) * 1000)
        finally:
            os.close(descriptor)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
