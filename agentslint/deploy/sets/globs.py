"""The patterns of git generators: folders by Go's `path.Match`, files by git's own pathspecs."""

from __future__ import annotations

import posixpath
import re
from functools import cache

from agentslint.deploy.wildcards import One, Wildcard, anything, expression, not_slash

_SPECIAL = "*?[\\"
_LONGEST = 4_096
_TOO_LONG = f"patterns of more than {_LONGEST} characters are not read here"


class PatternError(Exception):
    """A pattern that git refuses, or one with a meaning that is not known here; `refused` tells which."""

    def __init__(self, message: str, *, refused: bool) -> None:
        super().__init__(message)
        self.refused = refused


@cache
def folder_pattern(pattern: str) -> Wildcard | None:
    """Return the pattern of a folder, in which a star stops at a slash; raises PatternError.

    None stands for a malformed one, which matches nothing.
    """
    if len(pattern) > _LONGEST:
        raise PatternError(_TOO_LONG, refused=False)
    made = Wildcard()
    return made if _added(made, pattern, not_slash, "^") else None


@cache
def file_pattern(pattern: str) -> Wildcard:
    """Return the pattern of files, as `git ls-files` takes it; raises PatternError.

    A star crosses slashes, and a folder means all below it.
    """
    if pattern.startswith(":"):
        raise PatternError("pathspecs that begin with a colon are not read here", refused=False)
    if len(pattern) > _LONGEST:
        raise PatternError(_TOO_LONG, refused=False)
    clean = posixpath.normpath(pattern) if pattern else "."
    if clean.startswith(("../", "/")) or clean == "..":
        raise PatternError("it leads out of the repository", refused=True)
    made = Wildcard()
    if clean == ".":
        made.any_of(anything)
        return made
    made.opened()
    _literal(made, clean, only_below=pattern.endswith("/"))
    if any(sign in clean for sign in _SPECIAL) and _added(Wildcard(), clean, anything, "!^"):
        made.otherwise()
        _added(made, clean, anything, "!^")
    made.closed()
    return made


def _literal(made: Wildcard, path: str, *, only_below: bool) -> None:
    for sign in path:
        made.one(sign.__eq__)
    if not only_below:
        made.opened()
        made.otherwise()
    made.one("/".__eq__)
    made.any_of(anything)
    if not only_below:
        made.closed()


def _added(made: Wildcard, pattern: str, within: One, negations: str) -> bool:
    """Add a pattern; False for one that is malformed."""
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            made.any_of(within)
            at += len(pattern) - at - len(pattern[at:].lstrip("*"))
        elif sign == "?":
            made.one(within)
        elif sign == "[":
            found = _class(pattern, at, negations, slash=within is anything)
            if found is None:
                return False
            made.one(found[0])
            at = found[1]
        elif sign == "\\" and (at < len(pattern) or within is not_slash):
            if at == len(pattern):
                return False
            made.one(pattern[at].__eq__)
            at += 1
        else:
            made.one(sign.__eq__)
    return True


def _class(pattern: str, at: int, negations: str, *, slash: bool) -> tuple[One, int] | None:
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
        return expression(f"{'' if slash else '(?!/)'}[{'^' if negated else ''}{written}]"), at + 1
    except re.error:
        return None
