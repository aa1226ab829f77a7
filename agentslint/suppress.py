"""`[[ignore]]` entries of the configuration -> suppressed results, and what became of each entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from agentslint.config import Ignore, Loaded
from agentslint.model import Field, IgnoreUse, Location, Region, Result, Suppression, Target
from agentslint.render.failure import whole_line


def suppress(
    results: Sequence[Result], loaded: Loaded, root_target: Target, ran: Iterable[str], rendered: Iterable[str], today: datetime.date
) -> tuple[list[Result], list[IgnoreUse]]:
    """Mark what an entry accepts, and count for each entry what it matched."""
    entries = [(entry, _location(loaded, number, root_target)) for number, entry in enumerate(loaded.config.ignore)]
    matched = [0] * len(entries)
    marked = []
    for result in results:
        for number, (entry, location) in enumerate(entries):
            if matches(entry, result) and not expired(entry, today):
                matched[number] += 1
                result = result.replace(suppressions=(*result.suppressions, Suppression("external", entry.reason, location)))
        marked.append(result)
    rules, targets = set(ran), set(rendered)
    uses = [
        IgnoreUse(
            entry.rule, entry.reason, location, root_target, matched[number],
            judged=any(fnmatchcase(rule, entry.rule) for rule in rules) and any(_glob(entry.target, name) for name in targets),
            expired=expired(entry, today), until=entry.until or "",
        )
        for number, (entry, location) in enumerate(entries)
    ]  # fmt: skip
    return marked, uses


def matches(entry: Ignore, result: Result) -> bool:
    """Tell whether all globs that the entry gives match the result."""
    finding = result.finding
    place = finding.place
    resource = place.manifest.resource if isinstance(place, Field) else ""
    return (
        fnmatchcase(result.rule_id, entry.rule)
        and any(_glob(entry.target, name) for name in result.targets)
        and _glob(entry.resource, resource)
        and _glob(entry.container, finding.container)
        and _glob(entry.image, finding.image)
    )


def expired(entry: Ignore, today: datetime.date) -> bool:
    """Tell whether the entry's last day has passed."""
    return entry.until is not None and datetime.date.fromisoformat(entry.until) < today


def _glob(pattern: str | None, text: str) -> bool:
    return pattern is None or fnmatchcase(text, pattern)


def _location(loaded: Loaded, number: int, target: Target) -> Location:
    if loaded.path is None:
        return Location(target.file, Region(1, 1, 1, 1))
    try:
        path = loaded.path.relative_to(target.root).as_posix()
    except ValueError:
        path = str(loaded.path)
    line = loaded.line("ignore", number)
    return Location(path, whole_line(loaded.path, line), "", ("ignore", number))
