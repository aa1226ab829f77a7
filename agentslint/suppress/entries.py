"""Suppressions of every kind in one shape, applied to results."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agentslint.model import IgnoreUse, Location, Result, Suppression, Target


@dataclass(frozen=True)
class Entry:
    """One suppression: what it covers, and whether it could have covered anything in this run.

    `kind` is SARIF's: inSource or external. One with a `problem` (no reason, an unknown rule) covers nothing.
    """

    rule: str
    reason: str
    location: Location
    kind: str
    covers: Callable[[Result], bool]
    judged: bool
    until: datetime.date | None = None
    problem: str = ""

    def expired(self, today: datetime.date) -> bool:
        """Tell whether the last day has passed."""
        return self.until is not None and self.until < today


def suppress(results: Iterable[Result], entries: Sequence[Entry], root: Target, today: datetime.date) -> tuple[list[Result], list[IgnoreUse]]:
    """Mark what the entries cover; return the results and what became of each entry."""
    working = [entry for entry in entries if not entry.problem and not entry.expired(today)]
    matched = {id(entry): 0 for entry in entries}
    marked = []
    for result in results:
        for entry in working:
            if entry.covers(result):
                matched[id(entry)] += 1
                result = result.replace(suppressions=(*result.suppressions, Suppression(entry.kind, entry.reason, entry.location)))
        marked.append(result)
    return marked, [_use(entry, matched[id(entry)], root, today) for entry in entries]


def _use(entry: Entry, matched: int, root: Target, today: datetime.date) -> IgnoreUse:
    until = entry.until.isoformat() if entry.until else ""
    return IgnoreUse(
        entry.rule, entry.reason, entry.location, root, matched, entry.judged, entry.expired(today), until, entry.problem
    )
