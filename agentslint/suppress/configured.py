"""`[[ignore]]` entries of the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from agentslint.config import Ignore, Loaded
from agentslint.model import Field, Finding, Location, Region
from agentslint.render.failure import whole_line
from agentslint.suppress.entries import Entry
from agentslint.suppress.seen import Seen


def configured(loaded: Loaded, root: Path, seen: Seen) -> Iterator[Entry]:
    """Yield the entries; one is judged if its rule ran and every target that it may speak of was looked at, at least one."""
    for number, entry in enumerate(loaded.config.ignore):
        yield _entry(entry, _location(loaded, number, root), seen)


def _entry(entry: Ignore, location: Location, seen: Seen) -> Entry:
    def judged() -> bool:
        ran = any(fnmatchcase(rule, entry.rule) for rule in seen.rules)
        looked = any(_glob(entry.target, name) for name in seen.targets)
        return ran and looked and seen.all_that(lambda target: _glob(entry.target, target.name))

    return Entry(entry.rule, entry.reason, location, "external", lambda _, finding: matches(entry, finding), judged, entry.until)


def matches(entry: Ignore, finding: Finding) -> bool:
    """Tell whether all globs that the entry gives match the finding."""
    place = finding.place
    resource = place.manifest.resource if isinstance(place, Field) else ""
    return (
        fnmatchcase(finding.rule_id, entry.rule)
        and _glob(entry.target, finding.target.name)
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
    return Location(path, whole_line(loaded.path.parent, loaded.path.name, loaded.line("ignore", number)), "", ("ignore", number))
