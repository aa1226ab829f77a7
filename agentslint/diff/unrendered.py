"""Changed files that nothing renders: a difference names them, so that nobody takes them for compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentslint.change import Change
from agentslint.change.edited_repository import SUFFIXES
from agentslint.change.unread_edits import home_of
from agentslint.model.skipped import Skipped, SkippedKind, counted, notes_about, some


def unrendered(change: Change, skipped: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """Return those of the charts and manifests that no target reads in which a file changes."""
    return tuple(each for each in skipped if any(_holds(each, path) for path in change.files))


def notes(change: Change, skipped: Sequence[Skipped], told: Iterable[str]) -> list[str]:
    """Say what is not rendered; `told` are the files of which a finding tells."""
    known = {*told, *(path for path in change.files for each in skipped if _holds(each, path))}
    targets = {target.name: target for target in (*change.everything(), *change.discovered)}.values()
    closures = [target.closure for target in targets] + [target.base.target.closure for target in change.targets if target.base]
    unread = [
        path
        for path, became in sorted(change.files.items())
        if became != "deleted"
        and path.endswith(SUFFIXES)
        and path not in known
        and not any(closure.reads(path) for closure in closures)
        and home_of(path, targets)
    ]
    said = notes_about(skipped)
    return [*said, f"no target reads {counted(len(unread), 'changed file')}: {some(unread)}"] if unread else said


def _holds(skipped: Skipped, path: str) -> bool:
    if skipped.kind is SkippedKind.CHART:
        return skipped.name == "." or path.startswith(f"{skipped.name}/")
    return path == skipped.name
