"""Suppressions of every kind in one shape, applied to results."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from agentslint.model import Finding, IgnoreUse, Location, Result, Suppression, Target, TargetKind


class SuppressionEntry(Struct, frozen=True):
    """One suppression: the findings that it covers, and whether it could have covered any in this run.

    `kind` is SARIF's: inSource or external. One with a `problem` (no reason, an unknown rule) covers nothing.
    """

    rule: str
    reason: str
    location: Location
    kind: str
    covers: Callable[[Result, Finding], bool]
    judged: Callable[[], bool]
    """Asked only where it covered nothing."""
    until: datetime.date | None = None
    problem: str = ""
    path: str = ""
    """The one file whose results it may cover; empty where it may be any."""
    reached: Callable[[], bool] = lambda: True
    """Whether the run saw all that it may cover. Asked only if it has expired and would have covered nothing."""

    def expired(self, today: datetime.date) -> bool:
        """Tell whether the last day has passed."""
        return self.until is not None and self.until < today


def suppress(results: Iterable[Result], entries: Sequence[SuppressionEntry], root: Path) -> tuple[list[Result], list[IgnoreUse]]:
    """Mark the results that the entries cover; return the results and the use of each entry.

    A result is suppressed where every finding that was folded into it is covered: the others would be hidden with it.
    """
    today = datetime.date.today()
    results = list(results)
    working: dict[str, list[SuppressionEntry]] = defaultdict(list)
    for entry in entries:
        if not entry.problem and not entry.expired(today):
            working[entry.path].append(entry)
    matched: Counter[int] = Counter()
    marked = []
    for result in results:
        near = [*working[""], *working[result.location.path]]
        covering = [[entry for entry in near if entry.covers(result, finding)] for finding in result.findings]
        used = {id(entry): entry for found in covering for entry in found}
        matched.update(used.keys())
        marks = tuple(Suppression(entry.kind, entry.reason, entry.location) for entry in used.values()) if all(covering) else ()
        marked.append(result.replace(suppressions=(*result.suppressions, *marks)))
    repository = Target(".", TargetKind.MANIFESTS, root, ".")
    return marked, [_use(entry, matched[id(entry)], results, repository, today) for entry in entries]


def _use(entry: SuppressionEntry, matched: int, results: Sequence[Result], root: Target, today: datetime.date) -> IgnoreUse:
    until = entry.until.isoformat() if entry.until else ""
    expired = entry.expired(today)
    judged = _missed(entry, results) if expired else not (matched or entry.problem) and entry.judged()
    return IgnoreUse(entry.rule, entry.reason, entry.location, root, matched, judged, expired, until, entry.problem)


def _missed(entry: SuppressionEntry, results: Sequence[Result]) -> bool:
    """Whether an expired entry matters to this run: it has a file that was read, a finding, or only targets that were rendered."""
    return bool(entry.path) or any(entry.covers(result, each) for result in results for each in result.findings) or entry.reached()
