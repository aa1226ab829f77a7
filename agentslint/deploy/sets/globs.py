"""The patterns of git generators: folders by Go's `path.Match`, files by git's own pathspecs."""

from __future__ import annotations

import posixpath
import re
from functools import cache

_SPECIAL = "*?[\\"


class PatternError(Exception):
    """A pattern that git refuses, or one with a meaning that is not known here; `refused` tells which."""

    def __init__(self, message: str, *, refused: bool) -> None:
        super().__init__(message)
        self.refused = refused


@cache
def folder_pattern(pattern: str) -> re.Pattern[str] | None:
    """Return the pattern of a folder, in which a star stops at a slash; None for a malformed one, which matches nothing."""
    written, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            written += "[^/]*"
        elif sign == "?":
            written += "[^/]"
        elif sign == "[":
            found = _class(pattern, at, "^", slash=False)
            if found is None:
                return None
            written, at = written + found[0], found[1]
        elif sign == "\\":
            if at == len(pattern):
                return None
            written, at = written + re.escape(pattern[at]), at + 1
        else:
            written += re.escape(sign)
    return re.compile(written, re.S)


@cache
def file_pattern(pattern: str) -> re.Pattern[str]:
    """Return the pattern of files, as `git ls-files` takes it; raises PatternError.

    A star crosses slashes, and a folder means all below it.
    """
    if pattern.startswith(":"):
        raise PatternError("pathspecs that begin with a colon are not read here", refused=False)
    clean = posixpath.normpath(pattern) if pattern else "."
    if clean.startswith(("../", "/")) or clean == "..":
        raise PatternError("it leads out of the repository", refused=True)
    if clean == ".":
        return re.compile(".*", re.S)
    below = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    literal = re.escape(clean) + below
    return re.compile(literal if not any(sign in clean for sign in _SPECIAL) else f"{literal}|{_crossing(clean)}", re.S)


def _crossing(pattern: str) -> str:
    written, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            written += ".*" if not written.endswith(".*") else ""
        elif sign == "?":
            written += "."
        elif sign == "[" and (found := _class(pattern, at, "!^", slash=True)):
            written, at = written + found[0], found[1]
        elif sign == "[":
            return r"(?!)"
        elif sign == "\\" and at < len(pattern):
            written, at = written + re.escape(pattern[at]), at + 1
        else:
            written += re.escape(sign)
    return written


def _class(pattern: str, at: int, negations: str, *, slash: bool) -> tuple[str, int] | None:
    """Return a class of characters, and where it ends; None where it does not end."""
    start = at
    negated = at < len(pattern) and pattern[at] in negations
    at += negated
    written = ""
    while at < len(pattern) and (pattern[at] != "]" or at == start + negated):
        if pattern[at] == "\\" and at + 1 < len(pattern):
            at += 1
            written += re.escape(pattern[at])
        else:
            written += "-" if pattern[at] == "-" and written and pattern[at + 1 : at + 2] != "]" else re.escape(pattern[at])
        at += 1
    if at == len(pattern):
        return None
    try:
        re.compile(f"[{written}]")
    except re.error:
        return None
    kept = f"[{'^' if negated else ''}{written}]"
    return (kept if slash else f"(?!/){kept}"), at + 1
