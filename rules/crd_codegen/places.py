"""Where a finding about files stands, and which target it is for: Go files are read by none."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Change, Location, TargetChange, matches

from .pairs import Pair, Touched


def place_of(change: Change, pair: Pair, found: Touched) -> tuple[TargetChange, Location] | None:
    """Return a target that reads the definitions, else the first one, and the file to point at; None where the run has no target."""
    targets = list(_today(change))
    readers = [target for target in targets if _definitions(target, pair, found)]
    for target in (*readers, *targets):
        files = (*found.types.here, *found.crds.here, *_definitions(target, pair, found))
        return target, change.place(files[0]) if files else target.place
    return None


def _today(change: Change) -> Iterator[TargetChange]:
    """The targets that there are today, those that do not render last."""
    yield from (TargetChange(None, rendered) for rendered in change.head.targets)
    yield from (target for target in change.targets if not target.is_whole and not target.disappears)


def _definitions(target: TargetChange, pair: Pair, found: Touched) -> list[str]:
    """The files with definitions of the pair that a target reads: those that changed first."""
    closure = target.target.closure
    changed = [path for path in found.crds.here if closure.reads(path)]
    return changed or sorted(path for path in closure.files if matches(path, pair.crds) and path not in found.crds.gone)
