"""Ctrl-C, and the signals by which a runner ends a job: the run cleans up first."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MOMENT = 0.01
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
    """Raise Interrupted at the first signal; a signal that the caller has turned off (`nohup`) stays off.

    It is not lost on its way. Python ignores an exception in some callbacks (of an import, of a `__del__`): then it is raised again, a
    moment later. And an exception in `__set_name__` becomes another one: then it is raised at the end.
    """
    asked: list[tuple[int, float]] = []
    """The signal that came, and when."""
    report = sys.unraisablehook

    def stop(number: int, _frame: FrameType | None) -> None:
        if not asked:
            asked.append((number, time.monotonic()))
            raise Interrupted(number)
        if time.monotonic() - asked[0][1] > PATIENCE:
            os._exit(128 + number)

    def again(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted(asked[0][0])

    def ignored(lost: sys.UnraisableHookArgs) -> None:
        if isinstance(lost.exc_value, Interrupted):
            signal.setitimer(signal.ITIMER_REAL, _MOMENT)
        else:
            report(lost)

    taken = [number for number in SIGNALS if signal.getsignal(number) not in (signal.SIG_IGN, None)]
    before = {number: signal.signal(number, stop) for number in taken}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, again)
    sys.unraisablehook = ignored
    try:
        yield
    except Exception as error:
        if not asked:
            raise
        raise Interrupted(asked[0][0]) from error
    else:
        if asked:
            raise Interrupted(asked[0][0])
    finally:
        sys.unraisablehook = report
        signal.setitimer(signal.ITIMER_REAL, 0)
        # While the interpreter ends, a second signal would find no handler of ours.
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if asked else handler)
