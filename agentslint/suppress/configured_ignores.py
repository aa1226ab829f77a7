"""`[[ignore]]` entries of the configuration."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec.structs import replace

from agentslint.authorship.lines import line_region
from agentslint.config import Ignore, Loaded
from agentslint.model import Field, Finding, Location, Region, Result, Target
from agentslint.paths import names_target
from agentslint.suppress.coverage import Coverage
from agentslint.suppress.suppression import SuppressionEntry

Standing = Sequence[tuple[Ignore, int, Loaded]]
"""Entries of a configuration, with their numbers in it."""


def configured(loaded: Loaded, root: Path, seen: Coverage, standing: Standing | None = None) -> Iterator[SuppressionEntry]:
    """Yield the entries; one is judged if its rule ran and every target that it may cover was checked, at least one.

    Where the configuration is that of a commit, `standing` are the entries of the work tree's: what it does not have any more cannot
    be removed from it.
    """
    for number, entry in enumerate(loaded.config.ignore):
        if standing is None:
            yield _entry(entry, _location(loaded, number, root), seen)
            continue
        there = next(((at, file) for each, at, file in standing if each == entry), None)
        if there:
            yield _entry(entry, _location(there[1], there[0], root), seen)
        elif entry.until is None or entry.until >= datetime.date.today():
            path, line = loaded.place("ignore", number)
            shown = loaded.origin("ignore", number)[0].shown
            gone = Location(_relative(path, root), Region(line, 1, line, 1), f"in {shown}", ("ignore", number))
            yield replace(_entry(entry, gone, seen), judged=lambda: False, reached=lambda: False)


def _entry(entry: Ignore, location: Location, seen: Coverage) -> SuppressionEntry:
    def reached() -> bool:
        looked = any(_named(entry, name) for name in seen.targets)
        return looked and seen.covers_all(lambda target: _target(entry, target))

    def judged() -> bool:
        return any(fnmatchcase(rule, entry.rule) for rule in seen.rules) and reached()

    def covers(_: Result, finding: Finding) -> bool:
        return matches(entry, finding)

    return SuppressionEntry(entry.rule, entry.reason, location, "external", covers, judged, entry.until, reached=reached)


def matches(entry: Ignore, finding: Finding) -> bool:
    """Tell whether all globs that the entry gives match the finding."""
    place = finding.place
    resource = place.manifest.resource if isinstance(place, Field) else ""
    return (
        fnmatchcase(finding.rule_id, entry.rule)
        and _target(entry, finding.target)
        and _glob(entry.resource, resource)
        and _glob(entry.container, finding.container)
        and _glob(entry.image, finding.image)
    )


def _target(entry: Ignore, target: Target) -> bool:
    return entry.target is None or target.is_named([entry.target])


def _named(entry: Ignore, name: str) -> bool:
    return entry.target is None or names_target([entry.target], name)


def _glob(pattern: str | None, text: str) -> bool:
    return pattern is None or fnmatchcase(text, pattern)


def _location(loaded: Loaded, number: int, root: Path) -> Location:
    path, line = loaded.place("ignore", number)
    if path is None:
        return Location(".", Region(1, 1, 1, 1))
    return Location(_relative(path, root), line_region(path.parent, path.name, line), "", ("ignore", number))


def _relative(path: Path | None, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix() if path else "."
    except ValueError:
        return str(path)
