"""The place of a change: the first line that differs, or the text nearest to a removed one.

Only texts are found in the templates of a chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from agentslint.fleet.release_groups import Fleet
from agentslint.git.command import Git, GitError
from agentslint.model import Field, Location, Region

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)", re.M)


def nearest_written_field(today: Fleet, field: Field) -> Field:
    """Return the field; of a chart's definition the text nearest to it, unless it is one itself or is proven to be decided elsewhere."""
    rendered = next((target for target in today.targets if target.target is field.manifest.target), None)
    if isinstance(field.value, str) or rendered is None or rendered.call_of(field.manifest) is None:
        return field
    is_proven = not isinstance(field.value, (Mapping, list)) and rendered.origins(field)
    return field if is_proven else next(_texts(field), field)


def _texts(field: Field) -> Iterator[Field]:
    """The written text at a field: first the key before the missing one, else the surroundings."""
    value = field.value
    names = [name for name in value if isinstance(name, str) and name < field.missing] if isinstance(value, Mapping) else []
    yield from _within(Field(field.manifest, (*field.pointer, max(names)))) if names else ()
    yield from _within(field)
    if field.pointer:
        yield from _texts(Field(field.manifest, field.pointer[:-1]))


def _within(field: Field) -> Iterator[Field]:
    value = field.value
    if isinstance(value, str) and value and "\n" not in value:
        yield field
    keys = list(value) if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from _within(Field(field.manifest, (*field.pointer, key)))


def first_difference(root: Path, commit: str, path: str, network: bool = True) -> Location:
    """Return the first line that differs from a commit; where lines are gone, the one before; line 1 of what git cannot compare."""
    words = ("diff-index", "--patch", "--unified=0", "--no-color", commit, "--", f":(top,literal){path}")
    try:
        found = _HUNK.search(Git.of(str(root), network).ask(*words))
    except GitError:
        found = None
    line = max(1, int(found.group(1))) if found else 1
    return Location(path, Region(line, 1, line, 1))
