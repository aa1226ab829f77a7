"""`[[ignore]]` entries of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from agentslint.config import Ignore, Loaded
from agentslint.model import Field, Location, Region, Result
from agentslint.render.failure import whole_line
from agentslint.suppress.entries import Entry


def configured(loaded: Loaded, root: Path, ran: Iterable[str], rendered: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries; one is judged if its rule ran and a target that it may speak of was rendered."""
    rules, targets = set(ran), set(rendered)
    for number, entry in enumerate(loaded.config.ignore):
        yield Entry(
            entry.rule,
            entry.reason,
            _location(loaded, number, root),
            "external",
            covers=lambda result, entry=entry: matches(entry, result),  # type: ignore[misc]
            judged=any(fnmatchcase(rule, entry.rule) for rule in rules) and any(_glob(entry.target, name) for name in targets),
            until=entry.until,
        )


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


def _glob(pattern: str | None, text: str) -> bool:
    return pattern is None or fnmatchcase(text, pattern)


def _location(loaded: Loaded, number: int, root: Path) -> Location:
    if loaded.path is None:
        return Location(".", Region(1, 1, 1, 1))
    try:
        path = loaded.path.relative_to(root).as_posix()
    except ValueError:
        path = str(loaded.path)
    return Location(path, whole_line(loaded.path, loaded.line("ignore", number)), "", ("ignore", number))
