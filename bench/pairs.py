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
    return Ratio(name, median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs), goal, peak)


def seconds(command: Sequence[str], cwd: Path, stdin: Path | None) -> float:
    """Return the wall time of a whole process; its output is thrown away."""
    started = time.perf_counter()
    with (stdin or Path("/dev/null")).open("rb") as source:
        subprocess.run(command, cwd=cwd, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started
