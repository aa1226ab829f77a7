"""The real command in a child of this process, which has imported everything already: 40 ms instead of 400."""

from __future__ import annotations

import io
import os
import pickle
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tests.warm_server import become

LIMIT = 60.0
"""Seconds after which a run hangs."""
_PATIENCE = 5.0


@dataclass(frozen=True)
class Ended:
    """How a run ended; `status` is None for one that had to be ended, negative for one that a signal ended."""

    status: int | None
    said: str
    seconds: float


@dataclass(frozen=True)
class Render:
    """What the run had of a target: its stream, or why there is none."""

    target: str
    folder: str
    options: tuple[str, ...]
    stream: bytes | None
    reason: str = ""
    message: str = ""


def run(line: tuple[str, ...], cwd: Path, environ: Mapping[str, str], kept: Path) -> Ended:
    """Run a command line in a folder; what was rendered is kept in a file (`renders`)."""
    said = cwd.parent / "said"
    said.unlink(missing_ok=True)
    started = time.monotonic()
    pid = os.fork()
    if not pid:
        _be_the_command(line, cwd, environ, kept, said)
    status = _await(pid, LIMIT)
    return Ended(status, said.read_bytes().decode("utf-8", "replace"), time.monotonic() - started)


def renders(kept: Path) -> list[Render]:
    """Return what a run rendered, as it is."""
    found: list[Render] = []
    if kept.exists():
        with kept.open("rb") as file:
            while file.peek(1):
                found.append(pickle.load(file))
    return found


def _be_the_command(line: tuple[str, ...], cwd: Path, environ: Mapping[str, str], kept: Path, said: Path) -> NoReturn:
    status = 70
    try:
        streams = [os.devnull, str(said), str(said)]
        become({"cwd": str(cwd), "environ": dict(environ), "streams": streams, "words": line})
        _take_streams()
        _watch_renders(kept)
        status = _exit_status(_main())
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def _main() -> Callable[[], None]:
    from agentslint.__main__ import main

    return main


def _exit_status(main: Callable[[], None]) -> int:
    try:
        main()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(bool(error.code))
    except BaseException:
        import traceback

        traceback.print_exc()
        return 1
    return 0


def _take_streams() -> None:
    """The tests of the process that this one was may have had streams of their own."""
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8", write_through=True) for number in (1, 2)
    )


def _watch_renders(kept: Path) -> None:
    """Write down each render of an unchanged target."""
    from agentslint.model import RenderFailure, Rendering, Target
    from agentslint.render import RenderOptions
    from agentslint.render.kustomize import KustomizeRenderer

    render = KustomizeRenderer.render

    def watched(self: KustomizeRenderer, target: Target, options: RenderOptions) -> Rendering | RenderFailure:
        outcome = render(self, target, options)
        head = (target.name, os.path.relpath(target.folder, target.root), tuple(options.arguments))
        note = Render(*head, None, outcome.reason, outcome.message) if isinstance(outcome, RenderFailure) else Render(*head, outcome.stream)
        if target.root == Path.cwd():
            with kept.open("ab") as file:
                file.write(pickle.dumps(note))
        return outcome

    KustomizeRenderer.render = watched  # type: ignore[method-assign]


def _await(pid: int, limit: float) -> int | None:
    if _ends_within(pid, limit):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.killpg(pid, signal.SIGTERM)
    if not _ends_within(pid, _PATIENCE):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def _ends_within(pid: int, seconds: float) -> bool:
    descriptor = os.pidfd_open(pid)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)
