"""`python -m tests.hostile [PART OF A NAME]`: try every attack, and name those that did harm."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import pytest_configure as name_renderers
from tests.hostile.catalogue import tries
from tests.hostile.judge import Try, attempt


def main(parts: Sequence[str]) -> int:
    """Try the attacks whose name holds one of `parts`, or all; returns the exit status."""
    name_renderers()
    started = time.monotonic()
    chosen = [each for each in tries() if not parts or any(part in f"{each[0].subject}/{each[0].name}" for part in parts)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = []
        for result in pool.map(lambda each: attempt(*each), chosen):
            done.append(result)
            if result.harms:
                print(f"{result.name}: {result.attack.harm}", *(f"    {harm}" for harm in result.harms), sep="\n", flush=True)
    return _tell(done, time.monotonic() - started)


def _tell(done: Sequence[Try], seconds: float) -> int:
    survived = [result for result in done if not result.harms]
    for unseen in sorted({unseen for result in done for unseen in result.unseen}):
        print(f"not tried in {sum(unseen in result.unseen for result in done)} of them: {unseen}")
    print(f"hostile: tried {len(done)}, survived {len(survived)}, in {seconds:.0f} s")
    return int(len(survived) < len(done) or not done)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
