"""Two commands in turn, A B A B ..., and the ratio pair by pair: it holds when the machine's speed drifts."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """What a pair of commands showed: median seconds of each, and the median of the ratios."""

    name: str
    ours: float
    theirs: float
    ratio: float
    processor: float
    """The median of the ratios of processor time, which other work on the machine disturbs less."""
    goal: float
    memory: int
    """Peak resident MiB of the largest process so far."""
    note: str = ""
    kept: bool = True
    """Whether what is counted and not timed is within its goal, too; `note` says it."""

    @property
    def reached(self) -> bool:
        """Whether the ratio is within its goal."""
        return self.ratio <= self.goal and self.kept


def compare(
    name: str, ours: Sequence[str], theirs: Sequence[str], *, cwd: Path, goal: float, runs: int = 5, stdin: Path | None = None
) -> Ratio:
    """Run both once unmeasured, then `runs` times in turn."""
    for command in (ours, theirs):
        seconds(command, cwd, stdin)
    pairs = [(seconds(ours, cwd, stdin), seconds(theirs, cwd, stdin)) for _ in range(runs)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    wall, processor = ([(a[index], b[index]) for a, b in pairs] for index in (0, 1))
    ratio, of_processors = (median(a / b for a, b in each) for each in (wall, processor))
    return Ratio(name, median(a for a, _ in wall), median(b for _, b in wall), ratio, of_processors, goal, peak)


def seconds(command: Sequence[str], cwd: Path, stdin: Path | None) -> tuple[float, float]:
    """Return the wall time and the processor time of a process with all that it started; its output is thrown away."""
    started, before = time.perf_counter(), processor_seconds()
    with (stdin or Path("/dev/null")).open("rb") as source:
        subprocess.run(command, cwd=cwd, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started, processor_seconds() - before


def processor_seconds() -> float:
    """Return the processor time of all processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
