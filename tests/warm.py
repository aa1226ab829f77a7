"""The real command in a process of its own, which has imported everything already: 60 ms instead of 300.

Tests of how the command starts, and of signals, start it themselves.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.conftest import PROJECT

_PATIENCE = 5.0
"""Seconds that a run has for its end."""
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")


def run(
    words: Sequence[str | Path], cwd: str | Path, environ: Mapping[str, str], stdin: bytes = b"", timeout: float = 120
) -> subprocess.CompletedProcess[bytes]:
    """Run `agentslint` with these words; raises subprocess.TimeoutExpired, with its output, and ends it then."""
    line = [str(word) for word in words]
    if not _starts_alike(environ):
        command = [sys.executable, "-m", "agentslint", *line]
        return subprocess.run(command, cwd=cwd, env=dict(environ), input=stdin, capture_output=True, timeout=timeout)
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        streams = [Path(folder, name) for name in ("in", "out", "err")]
        streams[0].write_bytes(stdin)
        try:
            status = _server().ask(line, cwd, environ, streams, timeout)
        except subprocess.TimeoutExpired as error:
            error.stdout, error.stderr = (path.read_bytes() for path in streams[1:])
            raise
        return subprocess.CompletedProcess(line, status, streams[1].read_bytes(), streams[2].read_bytes())


def run_text(
    words: Sequence[str | Path], cwd: str | Path, environ: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `agentslint`, which prints UTF-8; without `environ`, in the environment of the tests."""
    done = run(words, cwd, os.environ if environ is None else environ, stdin.encode())
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def _starts_alike(environ: Mapping[str, str]) -> bool:
    """Tell whether Python would start the same with the variables that it reads only then."""
    own = {name: text for name, text in environ.items() if name.startswith("PYTHON")}
    named = next((environ[name] for name in _LOCALE if environ.get(name)), "C.UTF-8")
    return all(os.environ.get(name) == text for name, text in own.items()) and named == "C.UTF-8"


class _Server:
    """Started once for each process that runs tests; it ends when nobody asks any more."""

    def __init__(self) -> None:
        asked, self._asking = os.pipe()
        self._answered, answers = os.pipe()
        words = [sys.executable, "-m", "tests.warm_server", str(asked), str(answers)]
        self.process = subprocess.Popen(
            words, cwd=PROJECT, env={**os.environ, "LC_ALL": "C.UTF-8"}, pass_fds=(asked, answers), stdin=subprocess.DEVNULL
        )
        os.close(asked)
        os.close(answers)
        self._answers: IO[bytes] = os.fdopen(self._answered, "rb", buffering=0)

    def ask(self, words: Sequence[str], cwd: str | Path, environ: Mapping[str, str], streams: Sequence[Path], timeout: float) -> int:
        request = {"words": words, "cwd": str(cwd), "environ": dict(environ), "streams": [str(path) for path in streams]}
        os.write(self._asking, json.dumps(request).encode() + b"\n")
        pid = int(self._answers.readline())
        if not select.select([self._answered], [], [], timeout)[0]:
            self._end(pid)
            raise subprocess.TimeoutExpired(["agentslint", *words], timeout)
        return int(self._answers.readline())

    def close(self) -> None:
        os.close(self._asking)
        self._answers.close()
        self.process.wait()

    def _end(self, pid: int) -> None:
        os.killpg(pid, signal.SIGTERM)
        if not select.select([self._answered], [], [], _PATIENCE)[0]:
            os.killpg(pid, signal.SIGKILL)
        self._answers.readline()


_of_thread = threading.local()
"""A server answers one request after the other, so each thread that runs tests has its own."""


def _server() -> _Server:
    server: _Server | None = getattr(_of_thread, "server", None)
    if server is None:
        server = _of_thread.server = _Server()
        atexit.register(server.close)
    return server
