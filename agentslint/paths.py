"""Paths (POSIX, relative, "" is the root), safe checks of the files that they name, and globs.

A glob is a git pathspec with `glob` magic (gitglossary(7)): `**` crosses folders, `*` does not, and a folder stands for all that is in
it. A star matches what it matches in gitignore(5), where it may name a folder, too; here it may not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_IN_FOLDER = "ps_d"
"""The group by which pathspec tells that a pattern names a folder above the file."""


def is_link(full: str) -> bool:
    """Tell whether there is a symbolic link, dangling or not."""
    try:
        return stat.S_ISLNK(os.lstat(full).st_mode)
    except (OSError, ValueError):
        return False


def join(folder: str, name: str) -> str:
    """Join two POSIX paths; the first may be empty."""
    return f"{folder}/{name}" if folder else name


def parent(path: str) -> str:
    """Return the folder of a path, "" for the root's own files."""
    return path.rpartition("/")[0]


def ancestors(folder: str) -> Iterator[str]:
    """Yield the folder, its parent, and so on up to the root ("")."""
    while folder:
        yield folder
        folder = parent(folder)
    yield ""


def matches(path: str, globs: Sequence[str]) -> bool:
    """Tell whether one of the globs, which start at the repository's root, names a file or a folder that it is in."""
    return any(_names(glob.removeprefix("./"), path) for glob in globs)


def _names(glob: str, path: str) -> bool:
    """The literal text of a glob is tried first: a file may be called `a[1].go`."""
    if path == glob or path.startswith(glob if glob.endswith("/") else f"{glob}/"):
        return True
    pattern = _pattern(glob)
    found = pattern.match(path) if pattern else None
    return found is not None and not found.groupdict().get(_IN_FOLDER)


@cache
def _pattern(glob: str) -> re.Pattern[str] | None:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    return GitIgnoreSpecPattern(f"/{glob}").regex


def any_names(globs: Iterable[str], text: str) -> bool:
    """Tell whether one of the globs names a text."""
    return any(fnmatchcase(text, glob) for glob in globs)


def names_target(globs: Iterable[str], name: str) -> bool:
    """Tell whether one of the globs names a target: in a path a star stays within its folder, and two of them stand for any folders.

    A star at the end stands for all that is below, too; a glob without any slash is matched against the whole name.
    """
    return any(_covers(glob.removeprefix("./").rstrip("/"), name) for glob in globs)


@cache
def _covers(glob: str, name: str) -> bool:
    if "/" not in glob:
        return fnmatchcase(name, glob)
    pattern, steps = glob.split("/"), name.split("/")

    @cache
    def covers(at: int, step: int) -> bool:
        if at == len(pattern):
            return step == len(steps)
        last = at == len(pattern) - 1
        if pattern[at] == "**":
            return step < len(steps) if last else any(covers(at + 1, begin) for begin in range(step, len(steps)))
        if step == len(steps) or not fnmatchcase(steps[step], pattern[at]):
            return False
        return (last and pattern[at].endswith("*")) or covers(at + 1, step + 1)

    return covers(0, 0)
