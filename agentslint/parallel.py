"""Several things at a time, in threads, in such a way that a signal is always heard.

Python runs a signal's handler in the main thread, between two of its steps. A signal that comes right before that thread waits for a lock
is heard when the wait is over, and an exception that a handler raises while a lock changes hands may leave it locked. So the main
thread waits here for a pipe, never for long, and takes no lock that a worker needs.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

Item = TypeVar("Item")
Answer = TypeVar("Answer")
_AT_ONCE = 250
"""Milliseconds that the main thread waits without listening."""


def each(work: Callable[[Item], Answer], items: Iterable[Item], jobs: int, stop: Callable[[], None]) -> Iterator[Answer]:
    """Yield the result of each item, in their order; `jobs` are under way at a time.

    Raises what the work raises; then, and where nobody asks for more, what has not begun is left. At a signal `stop` ends the rest, too.
    """
    done: dict[int, tuple[Any, BaseException | None]] = {}
    busy: set[int] = set()
    heard, tell = os.pipe()

    def one(number: int, item: Item) -> None:
        busy.add(number)
        try:
            done[number] = work(item), None
        except BaseException as error:
            done[number] = None, error
        os.write(tell, b".")
        busy.discard(number)

    listening = select.poll()
    listening.register(heard, select.POLLIN)
    try:
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            try:
                count = sum(1 for _ in (pool.submit(one, number, item) for number, item in enumerate(items)))
                for number in range(count):
                    while number not in done:
                        if listening.poll(_AT_ONCE):
                            os.read(heard, 4096)
                    outcome, error = done.pop(number)
                    if error is not None:
                        raise error
                    yield cast(Answer, outcome)
            except BaseException as error:
                pool.shutdown(wait=False, cancel_futures=True)
                if not isinstance(error, Exception | GeneratorExit):
                    stop()
                raise
    finally:
        # After a signal a worker may still write: another file that gets the number of a closed pipe must not receive it.
        if not busy:
            os.close(heard)
            os.close(tell)
