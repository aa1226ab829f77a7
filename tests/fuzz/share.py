"""A share of the cases: hypothesis draws them from a seed, and then makes the failing ones small."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.fuzz.case import Case
from tests.fuzz.judge import Fault, faults
from tests.fuzz.repositories import cases

DRAWS = 20
"""Draws for each case that is wanted: many are a case that was there already."""
SHRINKING = 40.0
"""Seconds in which one kind of fault is made small."""


@dataclass
class Outcome:
    """What came of a share: how many cases, and for each kind of fault the smallest case."""

    number: int
    tried: int = 0
    failed: int = 0
    seconds: float = 0.0
    examples: dict[str, tuple[Fault, Case]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


class Share:
    """Draws `size` cases from `start`, which is a seed; `deadline` is when the time of all is up."""

    def __init__(self, number: int, start: int, size: int, deadline: float) -> None:
        self.outcome = Outcome(number)
        self._start, self._size, self._deadline = start, size, deadline
        self._known: dict[Case, tuple[Fault, ...]] = {}

    def run(self) -> Outcome:
        """Try all cases, then make an example of each kind small."""
        began = time.monotonic()
        with contextlib.suppress(_Enough):
            self._draw(self._count, (Phase.generate,))
        for kind in list(self.outcome.examples):
            self._shrink(kind)
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    def _draw(self, look: object, phases: tuple[Phase, ...]) -> None:
        draw = settings(
            max_examples=self._size * DRAWS,
            phases=phases, database=None, deadline=None, suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet,
            report_multiple_bugs=False, print_blob=False,
        )  # fmt: skip
        draw(seed(self._start)(given(cases())(look)))()  # type: ignore[arg-type]

    def _count(self, case: Case) -> None:
        if self.outcome.tried == self._size or time.monotonic() > self._deadline:
            raise _Enough
        if case in self._known:
            return
        found = self._faults(case)
        self.outcome.tried += 1
        self.outcome.failed += bool(found)
        for fault in found:
            self.outcome.counts[fault.kind] = self.outcome.counts.get(fault.kind, 0) + 1
            self.outcome.examples.setdefault(fault.kind, (fault, case))

    def _shrink(self, kind: str) -> None:
        """Draw the same cases again; the known ones are answered from memory, and the smaller ones are tried."""
        until = min(time.monotonic() + SHRINKING, self._deadline + SHRINKING)

        def look(case: Case) -> None:
            if case not in self._known and time.monotonic() > until:
                return
            for fault in self._faults(case):
                if fault.kind == kind:
                    self.outcome.examples[kind] = (fault, case)
                    raise _FoundError

        with contextlib.suppress(_FoundError):
            self._draw(look, (Phase.generate, Phase.shrink))

    def _faults(self, case: Case) -> tuple[Fault, ...]:
        if case not in self._known:
            self._known[case] = faults(case)
        return self._known[case]


class _FoundError(Exception):
    """A case with the fault that is looked for."""


class _Enough(BaseException):
    """All cases are tried; no Exception, which would be a fault of the case."""
