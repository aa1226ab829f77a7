"""Git SHAs in tags: `5fbe5706`, `sha-5fbe570620de...`, `v1.2.3-4-g5fbe570`, `main-5fbe570`.

A SHA has 7 to 40 hex characters (git's shortest default abbreviation, and a whole SHA-1). Much else has, too, so:

- 40 hex characters are a SHA.
- After `sha`, `git`, `commit`, `rev` or a `g` in front (as `git describe` writes it) 7 or more are a SHA, whatever they are.
- Else there must be both digits and letters: `20240501` and `1234567` are dates and build numbers (one SHA in thirty has
  only digits in its first seven), `deadbeef` and `defaced` are words. What begins with a date of this century is none.
- The tag may hold other parts around it (`main-5fbe570-1714500000`, `5fbe570-arm64`), but only one that could be a SHA.
"""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.+]")
_HEX = re.compile(r"[0-9a-f]{7,40}")
_INTRODUCED = re.compile(r"(?:g|sha|git|commit|rev)([0-9a-f]{7,40})")
_INTRODUCTIONS = frozenset({"sha", "sha1", "git", "commit", "rev"})
_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_SHORTEST = 7


def git_sha(tag: str) -> str | None:
    """Return the hex of the git SHA that `tag` carries, or None where it carries none (or might carry two)."""
    segments = _SEPARATORS.split(tag)
    introduced = [sha for before, segment in zip(["", *segments], segments, strict=False) if (sha := _introduced(before, segment))]
    found = introduced or [segment for segment in segments if _stands_alone(segment)]
    return found[0] if len(found) == 1 else None


def bare_sha(tag: str) -> str | None:
    """Return `tag` if it could be a SHA as it stands, where SHAs are expected: one in fifty short ones has only digits."""
    return tag if _HEX.fullmatch(tag) and not _DATE.match(tag) else None


def is_whole_sha(text: str) -> bool:
    """Tell whether `text` is a whole git SHA: exactly 40 lower-case hex characters."""
    return len(text) == 40 and _HEX.fullmatch(text) is not None


def is_short_sha(text: str) -> bool:
    """Tell whether a `text` that should be a SHA is one: 7 to 40 hex characters, not digits alone."""
    return _HEX.fullmatch(text) is not None and (len(text) == 40 or not text.isdigit())


def same_sha(a: str, b: str) -> bool:
    """Tell whether two SHAs name one commit: one begins with the other, and both have at least 7 characters."""
    a, b = a.lower(), b.lower()
    return min(len(a), len(b)) >= _SHORTEST and (a.startswith(b) or b.startswith(a))


def _introduced(before: str, segment: str) -> str | None:
    if before in _INTRODUCTIONS and _HEX.fullmatch(segment):
        return segment
    match = _INTRODUCED.fullmatch(segment)
    return match[1] if match else None


def _stands_alone(segment: str) -> bool:
    if not _HEX.fullmatch(segment):
        return False
    return len(segment) == 40 or not (segment.isdigit() or segment.isalpha() or _DATE.match(segment))
