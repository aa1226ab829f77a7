"""One run, ended by a signal at some moment, and the faults that this shows."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import agentslint
from tests.soak import family
from tests.soak.workplace import Workplace

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
LINES: dict[str, tuple[str, ...]] = {
    "lint": ("lint", "apps", "-f", "sarif", "-o", "../reports/report", "-f", "json", "-o", "../reports/json"),
    "diff": ("diff", "--base", "HEAD~1", "-f", "json", "apps"),
    "base": ("lint", ".", "--base", "HEAD~1", "-f", "sarif", "-o", "../reports/report"),
    "trace": ("trace", "apps/local-0"),
}
COMMAND: tuple[str, ...] = (sys.executable, "-m", "agentslint")
LIMIT = 60.0
GRACE = 5.0
"""Seconds in which what a killed run began has to be gone."""
_OURS = str(Path(agentslint.__file__).parent)
"""Frames of a traceback that count: while Python itself starts, nobody can hear a signal yet."""
OLD = '{"old": true}'
"""What stands where the report goes."""


@dataclass(frozen=True)
class Interruption:
    """What is run, which signal it gets, and after how many seconds; `again` is another signal soon after."""

    line: str
    number: signal.Signals
    after: float
    cold: bool
    again: bool = False

    def __str__(self) -> str:
        more = f"{' twice' if self.again else ''} after {self.after:.3f} s{', charts not cached' if self.cold else ''}"
        return f"{self.line}, {self.number.name}{more}"


@dataclass(frozen=True)
class Ended:
    """How an interrupted run ended."""

    status: int | None
    out: str
    err: str
    was_hit: bool


def faults(place: Workplace, interruption: Interruption, usual: int) -> list[str]:
    """Interrupt a run; `usual` is the status of one that nobody interrupts."""
    if interruption.cold:
        place.forget_charts()
    for name in ("report", "json"):
        (place.reports / name).write_text(OLD)
    before = place.tree()
    ended = _run(place, interruption)
    killed = interruption.number == signal.SIGKILL and ended.was_hit
    found = [*_of_the_end(interruption, ended, usual), *_of_what_is_left(place, killed), *_of_reports(place, killed, ended)]
    if place.tree() != before:
        found.append("the repository was changed")
    family.end_all()
    return found


def undisturbed(place: Workplace, line: str) -> tuple[int, float]:
    """Run to the end; returns the status and how long it took."""
    began = time.monotonic()
    done = subprocess.run([*COMMAND, *LINES[line]], cwd=place.root, env=place.environ, capture_output=True)
    return done.returncode, time.monotonic() - began


def _run(place: Workplace, interruption: Interruption) -> Ended:
    line = [*COMMAND, *LINES[interruption.line]]
    with (place.folder / "out").open("wb") as out, (place.folder / "err").open("wb") as err:
        process = subprocess.Popen(
            line, cwd=place.root, env=place.environ, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
        )
        was_hit = _hit(process, interruption)
        status = _wait(process)
    said, complained = ((place.folder / name).read_text("utf-8", "replace") for name in ("out", "err"))
    return Ended(status, said, complained, was_hit)


def _hit(process: subprocess.Popen[bytes], interruption: Interruption) -> bool:
    """Send the signal, to the command alone as a runner does; tells whether it was still there."""
    try:
        process.wait(interruption.after)
    except subprocess.TimeoutExpired:
        process.send_signal(interruption.number)
        if interruption.again:
            time.sleep(0.01)
            process.send_signal(interruption.number)
        return True
    return False


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def _of_the_end(interruption: Interruption, ended: Ended, usual: int) -> Iterator[str]:
    right = {usual}
    if ended.was_hit:
        # A signal before the first handler ends the process itself; a shell says the same of both.
        right |= {128 + interruption.number, -interruption.number}
        if "init_import_site" in ended.err:  # the interpreter was still starting
            right.add(1)
    if ended.status not in right:
        yield f"it ends with {ended.status}, not with {' or '.join(map(str, sorted(right)))}: {ended.err[-200:]!r}"
    if "internal error" in ended.err or f'File "{_OURS}' in ended.err:
        yield f"a traceback: {ended.err[-400:]!r}"


def _of_what_is_left(place: Workplace, killed: bool) -> Iterator[str]:
    yield from (f"a process is left: {name}" for name in family.left_after(GRACE if killed else 0.2))
    for name in _left(place, GRACE if killed else 0):
        yield f"a temporary folder is left: {name}"
        shutil.rmtree(place.tmp / name, ignore_errors=True)


def _left(place: Workplace, grace: float) -> list[str]:
    """Wait for the temporary folder to be empty; what a killed run left may also go when the next one starts."""
    end = time.monotonic() + grace
    while (left := sorted(path.name for path in place.tmp.iterdir())) and time.monotonic() < end:
        time.sleep(0.05)
    if left and grace:
        undisturbed(place, "trace")
        left = sorted(path.name for path in place.tmp.iterdir())
    return left


def _of_reports(place: Workplace, killed: bool, ended: Ended) -> Iterator[str]:
    """Every report is whole, or the old one; the file beside it in which a killed run was writing is no report."""
    for path in sorted(place.reports.iterdir()):
        if path.name not in ("report", "json"):
            if not killed:
                yield f"{path.name} is left beside the reports"
            path.unlink()
            continue
        try:
            json.loads(path.read_text())
        except ValueError as error:
            yield f"the report is torn: {error}"
    if ended.was_hit and ended.out and ended.out[:1] == "{":
        try:
            json.loads(ended.out)
        except ValueError as error:
            yield f"standard output is torn: {error}"
