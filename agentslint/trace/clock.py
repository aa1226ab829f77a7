"""The time that tracing may take."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass
class Clock:
    """Counts from the first question on; `seconds` is None where tracing may take as long as it takes."""

    seconds: float | None = None
    cut_short: bool = False
    """Whether anything was left out for want of time."""
    _end: float | None = None

    def ran_out(self) -> bool:
        """Tell whether the time is over; asked before each extra render, of which a yes leaves one out."""
        if self.seconds is None:
            return False
        now = time.monotonic()
        if self._end is None:
            self._end = now + self.seconds
        self.cut_short = self.cut_short or now >= self._end
        return now >= self._end

    @property
    def notes(self) -> list[str]:
        """What the user must know of a run that was cut short."""
        if not self.cut_short:
            return []
        return [f"tracing was cut short after {self.seconds:g} s (--trace-timeout): some findings are located as far as text alone tells"]
