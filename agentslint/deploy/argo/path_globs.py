"""The two kinds of globs of Argo CD, as regular expressions.

Value files: github.com/bmatcuk/doublestar, in which a star stays within its folder and two of them stand for any folders.
`directory.include` and `exclude`: github.com/gobwas/glob without separators, in which a star stands for anything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

MAGIC = re.compile(r"[*?\[]")
_LONGEST = 1_000


def matching_files(root: Path, pattern: str) -> list[str]:
    """Return the files and folders below a root that match a pattern of doublestar, in lexical order."""
    fixed = pattern[: found.start()] if (found := MAGIC.search(pattern)) else pattern
    folder = fixed.rpartition("/")[0]
    fits = doublestar(pattern)
    return [path for path in sorted(_below(root, folder)) if fits.fullmatch(path)]


def _below(root: Path, folder: str) -> Iterator[str]:
    top = str(root)
    for here, folders, names in os.walk(os.path.join(top, folder)):
        folders[:] = [name for name in folders if name != ".git"]
        inside = os.path.relpath(here, top)
        yield from (name if inside == "." else f"{inside}/{name}" for name in (*folders, *names))


@cache
def doublestar(pattern: str) -> re.Pattern[str]:
    """Return the expression of a pattern in which a star stays within its folder; one that is too long fits nothing."""
    return _compiled(pattern, within="[^/]")


@cache
def anywhere(pattern: str) -> re.Pattern[str]:
    """Return the expression of a pattern in which a star stands for anything."""
    return _compiled(pattern, within="[\\s\\S]")


def _compiled(pattern: str, within: str) -> re.Pattern[str]:
    try:
        return re.compile(_expression(pattern, within) if len(pattern) <= _LONGEST else r"(?!)")
    except (re.error, RecursionError, OverflowError):
        return re.compile(r"(?!)")


def _expression(pattern: str, within: str) -> str:
    out, at, depth = "", 0, 0
    while at < len(pattern):
        here = pattern[at]
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            out, at = out + r"(?:[^/]+/)*", at + 3
            continue
        if here == "*":
            stars = len(pattern) - at - len(pattern[at:].lstrip("*"))
            out, at = out + (r"[\s\S]*" if stars > 1 else f"{within}*"), at + stars
            continue
        if here == "?":
            out += within
        elif here == "[":
            end = pattern.find("]", at + 2)
            if end < 0:
                return r"(?!)"
            inside = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            out += f"[{'^' + inside[1:] if inside[:1] in '!^' else inside}]"
            at = end
        elif here == "{":
            out, depth = out + "(?:", depth + 1
        elif here == "}" and depth:
            out, depth = out + ")", depth - 1
        elif here == "," and depth:
            out += "|"
        elif here == "\\" and at + 1 < len(pattern):
            at += 1
            out += re.escape(pattern[at])
        else:
            out += re.escape(here)
        at += 1
    return out if not depth else r"(?!)"
