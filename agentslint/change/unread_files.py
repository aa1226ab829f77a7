"""Changed files that no target reads, beside one that they may be meant for: nobody should take them for compared."""

from __future__ import annotations

from collections.abc import Collection

from agentslint.change.change import Change
from agentslint.change.edited_repository import SUFFIXES
from agentslint.change.unread_edits import home_of
from agentslint.model.skipped import counted, some


def unread_files(change: Change, told: Collection[str]) -> str:
    """Return `no target reads 2 changed files: a.yaml, b.yaml`, "" where there is none; `told` are files that findings name."""
    targets = {target.name: target for target in (*change.everything(), *change.discovered)}.values()
    closures = [target.closure for target in targets] + [target.base.target.closure for target in change.targets if target.base]
    unread = [
        path
        for path, became in sorted(change.files.items())
        if became != "deleted"
        and path.endswith(SUFFIXES)
        and path not in told
        and not any(closure.reads(path) for closure in closures)
        and home_of(path, targets)
    ]
    return f"no target reads {counted(len(unread), 'changed file')}: {some(unread)}" if unread else ""
