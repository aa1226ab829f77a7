"""`python -m tests.soak N [SEED]`: interrupt N runs, and name what any of them left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.conftest import pytest_configure as name_renderers
from tests.soak import family
from tests.soak.interruption import LINES, SIGNALS, Interruption, faults, undisturbed
from tests.soak.workplace import Workplace, workplace

SIZE = 50
"""Runs of a share, in one workplace."""
SECONDS = 5.0
"""Time that an interrupted run may take on average."""
Found = list[tuple[str, list[str]]]


def main(words: Sequence[str]) -> int:
    """Interrupt so many runs from a seed; returns the exit status."""
    count = int(words[0]) if words else 50
    start = int(words[1]) if len(words) > 1 else random.randrange(1 << 32)
    print(f"soak: seed {start}", flush=True)
    name_renderers()
    began = time.monotonic()
    sizes = [min(SIZE, count - first) for first in range(0, count, SIZE)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(share, start + number, size, began + 60 + SECONDS * count) for number, size in enumerate(sizes)]
        done = [pair for each in waiting for pair in each.result()]
    return _tell(done, count, time.monotonic() - began, start)


def share(start: int, size: int, deadline: float) -> Found:
    """Interrupt runs in a workplace of their own."""
    family.adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="soak-")).resolve()
    try:
        with workplace(folder) as place:
            return list(_interrupted(place, random.Random(start), size, deadline))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _interrupted(place: Workplace, draw: random.Random, size: int, deadline: float) -> Found:
    usual = {name: undisturbed(place, name) for name in LINES}
    done: Found = []
    while len(done) < size and time.monotonic() < deadline:
        interruption = _drawn(draw, usual)
        done.append((str(interruption), faults(place, interruption, usual[interruption.line][0])))
    again = {name: undisturbed(place, name)[0] for name in LINES}
    if again != {name: status for name, (status, _) in usual.items()}:
        done[-1][1].append(f"afterwards, runs end with {again}")
    return done


def _drawn(draw: random.Random, usual: dict[str, tuple[int, float]]) -> Interruption:
    line = draw.choice(sorted(LINES))
    number = draw.choice(SIGNALS)
    again = number != signal.SIGKILL and draw.random() < 0.2
    return Interruption(line, number, draw.uniform(0, 1.05 * usual[line][1]), draw.random() < 0.4, again)


def _tell(done: Found, count: int, seconds: float, start: int) -> int:
    for name, harms in done:
        if harms:
            print(name, *(f"    {harm}" for harm in harms), sep="\n")
    survived = sum(not harms for _, harms in done)
    if len(done) < count:
        print(f"not tried: {count - len(done)} runs, for want of time")
    print(f"soak: tried {len(done)}, survived {survived}, in {seconds:.0f} s; again with SEED={start}")
    return int(survived < count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
