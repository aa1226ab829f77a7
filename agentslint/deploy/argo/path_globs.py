"""The two kinds of globs of Argo CD.

Value files: github.com/bmatcuk/doublestar, in which a star stays within its folder and two of them stand for any folders.
`directory.include` and `exclude`: github.com/gobwas/glob without separators, in which a star stands for anything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from agentslint.deploy.wildcards import One, Wildcard, anything, expression, not_slash

MAGIC = re.compile(r"[*?\[]")
_LONGEST = 1_000


def matching_files(root: Path, pattern: str) -> list[str]:
    """Return the files and folders below a root that match a pattern of doublestar, in its order: the last values file wins.

    Folders come in the order of their names, each before those inside of it, and in each the matches by name (doublestar's `Glob`).
    Texts of a choice in the name of a folder are merged by their whole paths.
    """
    start = re.search(r"[*?\[{]", pattern)
    folder = (pattern[: start.start()] if start else pattern).rpartition("/")[0]
    fits, (above, _, last) = doublestar(pattern), pattern.rpartition("/")
    if fits is None:
        return []
    # Two stars at the end stand for the folder itself, too.
    paths = [path for path in _below(root, folder) if fits.fullmatch(path) or (last == "**" and fits.fullmatch(f"{path}/."))]
    if "{" in above:
        return sorted(paths)
    return sorted(paths, key=lambda path: path.split("/") if last == "**" else [*path.split("/")[:-1], "", path.rpartition("/")[2]])


def _below(root: Path, folder: str) -> Iterator[str]:
    """Yield a folder and all that lies in it, as paths from the root."""
    top = str(root)
    for here, folders, names in os.walk(os.path.join(top, folder)):
        folders[:] = [name for name in folders if name != ".git"]
        inside = os.path.relpath(here, top)
        yield inside
        yield from (name if inside == "." else f"{inside}/{name}" for name in names)


@cache
def doublestar(pattern: str) -> Wildcard | None:
    """Return a pattern in which a star stays within its folder; None for one that fits nothing, as it is malformed or too long."""
    return _compiled(pattern, not_slash)


@cache
def anywhere(pattern: str) -> Wildcard | None:
    """Return a pattern in which a star stands for anything."""
    return _compiled(pattern, anything)


def _compiled(pattern: str, within: One) -> Wildcard | None:
    if len(pattern) > _LONGEST:
        return None
    made, at, depth = Wildcard(), 0, 0
    while at < len(pattern):
        here = pattern[at]
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            made.folders()
            at += 3
            continue
        if here == "*":
            stars = len(pattern) - at - len(pattern[at:].lstrip("*"))
            made.any_of(anything if stars > 1 else within)
            at += stars
            continue
        if here == "?":
            made.one(within)
        elif here == "[":
            end = pattern.find("]", at + 2)
            fits = _one_of(pattern[at + 1 : end]) if end > 0 else None
            if fits is None:
                return None
            made.one(fits)
            at = end
        elif here == "{":
            made.opened()
            depth += 1
        elif here == "}" and depth:
            made.closed()
            depth -= 1
        elif here == "," and depth:
            made.otherwise()
        else:
            at += here == "\\" and at + 1 < len(pattern)
            made.one(pattern[at].__eq__)
        at += 1
    return None if depth else made


def _one_of(inside: str) -> One | None:
    written = inside.replace("\\", "\\\\").replace("[", "\\[")
    try:
        return expression(f"[{'^' + written[1:] if inside[:1] in '!^' else written}]")
    except re.error:
        return None
