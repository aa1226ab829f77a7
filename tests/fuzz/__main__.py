"""`python -m tests.fuzz N [SEED]`: try N cases, and show a small example of each kind of fault."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.conftest import pytest_configure as name_renderers
from tests.fuzz.share import Outcome, Share
from tests.warm_server import warm

SIZE = 50
"""Cases of a share: few, so that the seeds are the same on any number of cores."""
SECONDS = 3.0
"""Time that a case may take on average; then the rest is not tried, and the run says so."""


def main(words: Sequence[str]) -> int:
    """Try so many cases from a seed; returns the exit status."""
    count = int(words[0]) if words else 100
    start = int(words[1]) if len(words) > 1 else random.randrange(1 << 32)
    print(f"fuzz: seed {start}", flush=True)
    name_renderers()
    warm()
    began = time.monotonic()
    deadline = began + 60 + SECONDS * count
    sizes = [min(SIZE, count - first) for first in range(0, count, SIZE)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(_share, number, start + number, size, deadline) for number, size in enumerate(sizes)]
        outcomes = [each.result() for each in waiting]
    return _tell(outcomes, count, time.monotonic() - began, start)


def _share(number: int, start: int, size: int, deadline: float) -> Outcome:
    return Share(number, start, size, deadline).run()


def _tell(outcomes: Sequence[Outcome], count: int, seconds: float, start: int) -> int:
    for kind in sorted({kind for outcome in outcomes for kind in outcome.examples}):
        _tell_kind(kind, [outcome for outcome in outcomes if kind in outcome.examples])
    tried, failed = sum(outcome.tried for outcome in outcomes), sum(outcome.failed for outcome in outcomes)
    if tried < count:
        print(f"not tried: {count - tried} cases, for want of time or of other cases to draw")
    print(f"fuzz: tried {tried}, survived {tried - failed}, in {seconds:.0f} s; again with SEED={start}")
    return int(failed > 0 or tried < 0.9 * count)


def _tell_kind(kind: str, outcomes: Iterable[Outcome]) -> None:
    found = list(outcomes)
    fault, case = min(
        (outcome.examples[kind] for outcome in found), key=lambda example: sum(len(content) for _, content in example[1].files)
    )
    print(f"{kind}, {sum(outcome.counts[kind] for outcome in found)} times: {fault.particulars}")
    print(*(f"    {line}" for line in case.shown()), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
