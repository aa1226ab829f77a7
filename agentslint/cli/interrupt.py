"""Ctrl-C, and the signals by which a runner ends a job: the run cleans up first."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 5.0
"""Seconds for which further signals are ignored: Ctrl-C is pressed twice, and a runner sends one signal after the other."""


class Interrupted(BaseException):
    """A signal asked the run to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit status by which a shell tells the signal: 130 for Ctrl-C."""
        return 128 + self.number


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted at the first signal; a signal that the caller has turned off (`nohup`) stays off."""
    asked: list[float] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not asked:
            asked.append(time.monotonic())
            raise Interrupted(number)
        if time.monotonic() - asked[0] > PATIENCE:
            os._exit(128 + number)

    taken = [number for number in SIGNALS if signal.getsignal(number) not in (signal.SIG_IGN, None)]
    before = {number: signal.signal(number, stop) for number in taken}
    try:
        yield
    finally:
        # While the interpreter ends, a second signal would find no handler of ours.
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if asked else handler)
