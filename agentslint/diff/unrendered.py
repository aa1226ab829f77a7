"""Changed files that nothing renders: a difference names them, so that nobody takes them for compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentslint.change import Change
from agentslint.change.unread_files import unread_files
from agentslint.model.skipped import Skipped, SkippedKind, notes_about


def unrendered(change: Change, skipped: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """Return those of the charts and manifests that no target reads in which a file changes."""
    return tuple(each for each in skipped if any(_holds(each, path) for path in change.files))


def notes(change: Change, skipped: Sequence[Skipped], told: Iterable[str]) -> list[str]:
    """Say what is not rendered; `told` are the files of which a finding tells."""
    known = {*told, *(path for path in change.files for each in skipped if _holds(each, path))}
    unread = unread_files(change, known)
    return [*notes_about(skipped), *([unread] if unread else [])]


def _holds(skipped: Skipped, path: str) -> bool:
    if skipped.kind is SkippedKind.CHART:
        return skipped.name == "." or path.startswith(f"{skipped.name}/")
    return path == skipped.name
