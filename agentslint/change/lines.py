"""Where in a file a change begins."""

from __future__ import annotations

import re
from pathlib import Path

from agentslint.git.command import Git, GitError
from agentslint.model import Location, Region

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)", re.M)


def first_difference(root: Path, commit: str, path: str, network: bool = True) -> Location:
    """Return the first line that differs from a commit; where lines are gone, the one before; line 1 of what git cannot compare."""
    words = ("diff-index", "--patch", "--unified=0", "--no-color", commit, "--", f":(top,literal){path}")
    try:
        found = _HUNK.search(Git.of(str(root), network).ask(*words))
    except GitError:
        found = None
    line = max(1, int(found.group(1))) if found else 1
    return Location(path, Region(line, 1, line, 1))
