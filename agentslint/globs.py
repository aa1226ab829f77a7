"""Globs of files, as git's `glob` pathspecs: `**` crosses folders, `*` does not; a folder stands for all that is in it.

gitglossary(7), "pathspec". What a star matches is the same in gitignore(5), where a star may name a folder, too: here it may not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_IN_FOLDER = "ps_d"
"""The group by which pathspec tells that a pattern names a folder above the file."""


def matches(path: str, globs: Sequence[str]) -> bool:
    """Tell whether one of the globs, which start at the repository's root, names a file or a folder that it is in."""
    return any(_names(glob.removeprefix("./"), path) for glob in globs)


def _names(glob: str, path: str) -> bool:
    """What a glob says as it stands comes first: a file may be called `a[1].go`."""
    if path == glob or path.startswith(glob if glob.endswith("/") else f"{glob}/"):
        return True
    pattern = _pattern(glob)
    found = pattern.match(path) if pattern else None
    return found is not None and not found.groupdict().get(_IN_FOLDER)


@cache
def _pattern(glob: str) -> re.Pattern[str] | None:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    return GitIgnoreSpecPattern(f"/{glob}").regex
