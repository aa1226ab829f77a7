"""The one door to other programs: every process of a run is started here.

The kernel holds a program to its profile, where it can (confine.py). The profile applies to one thread and its children, and
can't be taken back: so each profile has a thread that confines itself once and then does nothing but start processes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from queue import Empty, SimpleQueue
from typing import Any

from agentslint import confine
from agentslint.access import Access, Grant, for_git, for_renderer

OWN_SESSION: dict[str, Any] = {"start_new_session": True}
OWN_GROUP: dict[str, Any] = {"process_group": 0} if sys.version_info >= (3, 11) else OWN_SESSION
"""A group is enough to end a process with all that it started; on Linux a session is scheduled on its own, and 300 of them took
twice the time on a busy machine."""
_WITHOUT_HOME = {"GIT_CONFIG_GLOBAL": os.devnull}
"""git gives up where it cannot read the user's configuration, which a confined renderer cannot."""
PIPE, NOTHING = subprocess.PIPE, subprocess.DEVNULL
"""For `start`: a pipe, and a stream that is empty and swallows all."""
Process = subprocess.Popen[bytes]
Finished = subprocess.CompletedProcess[bytes]
StillRunning = subprocess.TimeoutExpired
"""What `Process.wait` raises when its time is over."""
_GIT_IS_FREE = "git is a script, which may start anything"
_GLANCE = 1.0
"""Seconds between two looks whether the thread that was asked is still there."""


class Profile(Enum):
    """What a program may do: the kernel holds it to that, where it can."""

    RENDERER = "renderer"
    ONLINE_RENDERER = "renderer with network"
    GIT = "git"
    FREE = "free"
    """A program of the user's own choice (`tools install`), or one that must fetch with the user's credentials."""


def start(
    command: Sequence[str],
    *,
    profile: Profile,
    environ: Mapping[str, str],
    cwd: str | os.PathLike[str] | None,
    access: Access | None = None,
    **how: Any,
) -> subprocess.Popen[bytes]:
    """Start a program and return its process; `how` goes to `subprocess.Popen`. Raises OSError where it cannot be started.

    `access` are the paths that a renderer may use.
    """
    how["cwd"] = cwd
    if profile is Profile.FREE:
        return subprocess.Popen(command, env=environ, **how)
    return _starter(profile, access or Access(), environ).start(command, environ, how)


def output(
    command: Sequence[str],
    *,
    profile: Profile,
    environ: Mapping[str, str],
    cwd: str | os.PathLike[str] | None = None,
    access: Access | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
    may_ask: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end and return what it printed.

    Raises OSError where it cannot be started, and TimeoutError (one of them) where it takes longer than `timeout` seconds: it is ended
    then, with all that it started. What `may_ask` for a password stays in the terminal's own group, and is ended alone.
    """
    group = {} if may_ask or timeout is None else OWN_GROUP
    pipes = {"stdin": subprocess.PIPE if stdin else subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start(command, profile=profile, environ=environ, cwd=cwd, access=access, **pipes, **group) as process:
        try:
            printed, said = process.communicate(stdin or None, timeout)
        except BaseException as error:
            _end(process, bool(group))
            if isinstance(error, subprocess.TimeoutExpired):
                raise TimeoutError(f"{command[0]} took longer than {timeout:g} s") from None
            raise
    return subprocess.CompletedProcess(command, process.returncode, printed, said)


def hindrance(*, offline: bool = False, git: bool = False) -> str:
    """Say why the kernel cannot hold the programs that a run starts; "" where it can. A thread tries it, since it may be forbidden.

    `offline` asks for sockets, too, and `git` whether git can be held: not where it is a script.
    """
    said: list[str] = []

    def attempt() -> None:
        said.append(_held([], connect=False) or (_refuse_sockets() if offline else ""))

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    why = said[0] if said else "it could not be tried"
    return why or (_GIT_IS_FREE if git and not any(for_git(os.environ)) else "")


def release(access: Iterable[Access]) -> None:
    """End the threads that start programs with this access: no more programs will start with it."""
    gone = set(access)
    for key in [key for key in list(_starters) if key[1] in gone]:
        if starter := _starters.pop(key, None):
            starter.asked.put(None)


class _Request:
    """One process to start, and the place where the answer comes."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], how: Mapping[str, Any]) -> None:
        self.command, self.environ, self.how = command, environ, how
        self.answer: SimpleQueue[subprocess.Popen[bytes] | Exception] = SimpleQueue()

    def serve(self, more: Mapping[str, str]) -> None:
        try:
            self.answer.put(subprocess.Popen(self.command, env={**self.environ, **more} if more else self.environ, **self.how))
        except Exception as error:
            self.answer.put(error)

    def drop(self) -> None:
        """End a process that may still start: its requester is gone, by a signal."""
        with contextlib.suppress(Empty):
            late = self.answer.get(timeout=_GLANCE)
            if isinstance(late, subprocess.Popen):
                _end(late, group="process_group" in self.how or "start_new_session" in self.how)


class _Starter:
    """A thread that confines itself and starts processes, one after the other."""

    def __init__(self, profile: Profile, access: Access, environ: Mapping[str, str]) -> None:
        self.asked: SimpleQueue[_Request | None] = SimpleQueue()
        self.profile, self.access, self.environ = profile, access, environ
        self.thread = threading.Thread(target=self._serve, name=f"agentslint-{profile.value}", daemon=True)
        self._ended = False

    def start(self, command: Sequence[str], environ: Mapping[str, str], how: Mapping[str, Any]) -> subprocess.Popen[bytes]:
        request = _Request(command, environ, how)
        self.asked.put(request)
        try:
            outcome = self._outcome(request)
        except BaseException:
            request.drop()
            raise
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _outcome(self, request: _Request) -> subprocess.Popen[bytes] | Exception:
        while True:
            try:
                return request.answer.get(timeout=_GLANCE)
            except Empty:
                if self._ended and request.answer.empty():
                    return OSError(errno.ECANCELED, "the run has ended")

    def _serve(self) -> None:
        refused = ""
        try:
            try:
                why, more = self._confine()
                refused = why if self.access.required else ""
            except Exception as error:
                # Half confined, and nobody knows how far: nothing starts here.
                refused = f"{type(error).__name__}: {error}"
            while (request := self.asked.get()) is not None:
                if refused:
                    request.answer.put(OSError(errno.EPERM, f"{request.command[0]} cannot be confined: {refused}"))
                else:
                    request.serve(more)
                if self.access.once:
                    return
                del request  # Else its process is kept until the next one.
        finally:
            self._ended = True

    def _confine(self) -> tuple[str, Mapping[str, str]]:
        """Confine this thread; returns why that failed, and what its programs find in their environment beside what they were given."""
        online = self.profile is Profile.ONLINE_RENDERER
        is_git = self.profile is Profile.GIT
        grants = list(for_git(self.environ)) if is_git else list(for_renderer(self.access, self.environ, online=online))
        why = _held(grants, connect=online) if grants else _GIT_IS_FREE
        if not online:
            _refuse_sockets()
        return why, {} if why or is_git else _WITHOUT_HOME


_starters: dict[tuple[Profile, Access, str], _Starter] = {}
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_starters.clear)


def _starter(profile: Profile, access: Access, environ: Mapping[str, str]) -> _Starter:
    """The thread of a profile, which begins with its first process. No lock: a signal could leave it locked."""
    # Shell and git are found on PATH.
    key = (profile, access, environ.get("PATH", ""))
    if not access.once and (known := _starters.get(key)):
        return known
    new = _Starter(profile, access, environ)
    if not access.once and (found := _starters.setdefault(key, new)) is not new:
        return found
    new.thread.start()
    return new


def _held(grants: Iterable[Grant], *, connect: bool) -> str:
    try:
        confine.hold_files(grants, connect=connect)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _refuse_sockets() -> str:
    """Say why the kernel cannot: then --offline has other means (render/network.py)."""
    try:
        confine.refuse_sockets()
    except OSError as error:
        return f"sockets cannot be refused: {error.strerror or error}"
    return ""


def _end(process: subprocess.Popen[bytes], group: bool) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL) if group else process.kill()
    process.wait()
