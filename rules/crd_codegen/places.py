"""The place of a finding about files, and its target: no target reads Go files."""

from __future__ import annotations

from agentslint.rule import Change, Location, Target, matches, target_location

from .pairs import Pair, Touched


def place_of(change: Change, pair: Pair, found: Touched) -> tuple[Target, Location] | None:
    """Return a target that reads the definitions, else the first one, and the file to point at; None if the run has no target."""
    readers = [target for target in change.discovered if _definitions(target, pair, found)]
    for target in (*readers, *change.discovered):
        files = (*found.types.here, *found.crds.here, *_definitions(target, pair, found))
        return target, change.place(files[0]) if files else target_location(target)
    return None


def _definitions(target: Target, pair: Pair, found: Touched) -> list[str]:
    """The files with definitions of the pair that a target reads: those that changed first."""
    changed = [path for path in found.crds.here if target.closure.reads(path)]
    return changed or sorted(path for path in target.closure.files if matches(path, pair.crds) and path not in found.crds.gone)
