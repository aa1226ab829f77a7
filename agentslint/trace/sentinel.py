"""Sentinels: for a scalar another text of the same shape that occurs nowhere else.

Only a part of the text changes, its core: a digest stays a digest, a SHA a SHA, a version a version with the same major and minor, a
repository keeps its registry. So templates that test the shape, and schemas, see what they saw before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from agentslint.trace.numbers import number_texts

_DIGEST = re.compile(r"(?<=sha256:)[0-9a-f]{64}(?![0-9a-f])|(?<=sha512:)[0-9a-f]{128}(?![0-9a-f])")
_SHA = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}(?![0-9A-Za-z])")
_VERSION = re.compile(r"^v?\d+\.(?:\d+\.)?(\d+)(?=[^\d.]|$)")
_COUNTED = re.compile(r"^(?:[A-Za-z]+[-_.]?)?(\d+)(?=[-_.+]|$)")
"""v1, release-12, 17-alpine: the number counts."""
_HOST = re.compile(r"^([a-z0-9-]+)(?=(\.[a-z0-9-]+)+(:\d+)?$)", re.I)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*$")
_SWITCHES = frozenset(("true", "false", "null", "~", "yes", "no", "on", "off", "y", "n"))
SHORTEST_CUT = 7
"""A hash that is cut is still known by this many digits."""


@dataclass(frozen=True)
class Sentinel:
    """The text to write, and which part of it tells it from all others."""

    original: str
    text: str
    cores: tuple[tuple[str, str], ...]
    """(what tells it from others, what stood in its place): one way of writing it, or several where it is a number."""
    offset: int
    """Where the core begins in the text."""

    @property
    def is_hash(self) -> bool:
        """Whether a cut core can still be told from others."""
        return bool(re.fullmatch(r"[0-9a-f]{7,}", self.cores[0][0])) and not self.cores[0][0].isdigit()


def sentinel(text: str, number: int, *, numeric: bool = False) -> Sentinel | None:
    """Return the sentinel with this number (1 to 99,999) for `text`, or None for what must not be changed.

    That is a boolean, a null or an empty text. `numeric` says that the text is a number to YAML, and has to stay one.
    """
    if not text.strip() or "\n" in text or text.lower() in _SWITCHES:
        return None
    if numeric and (old := number_texts(text)):
        return _number(old, number)
    start, end, core = _core(text, number)
    if start == end:
        return None
    return Sentinel(text, text[:start] + core + text[end:], ((core, text[start:end]),), start)


def variations(text: str) -> Iterator[str]:
    """Yield texts of the same length that differ as little as can be: in the last letter or digit; in all of them."""
    last = next((at for at in range(len(text) - 1, -1, -1) if text[at].isalnum() and text[at].isascii()), None)
    if last is not None:
        yield text[:last] + _next(text[last]) + text[last + 1 :]
        yield "".join(map(_next, text))


def _next(character: str) -> str:
    """The next character of the same kind; hex digits stay hex digits, and none of them becomes the e of an exponent."""
    for kind in ("0123456789", "abcdf", "ghijklmnopqrstuvwxyz", "ABCDF", "GHIJKLMNOPQRSTUVWXYZ"):
        if character in kind:
            following = kind[(kind.index(character) + 1) % len(kind)]
            return "1" if following == "0" else following
    return {"e": "f", "E": "F"}.get(character, character)


def _number(old: tuple[str, ...], number: int) -> Sentinel:
    """A whole number as long as helm prints it alike; a fraction keeps its whole part."""
    whole, point, _ = old[1].partition(".")
    if point and "e" not in old[1]:
        text = f"{whole}.9{number:05d}1"
    else:
        text = str((8_000_000 if "e" in old[1] else 700_000) + number)
    new = number_texts(text)
    assert new is not None
    return Sentinel(old[0], text, tuple(dict.fromkeys(zip(new, old, strict=True))), 0)


def _core(text: str, number: int) -> tuple[int, int, str]:
    if match := _DIGEST.search(text) or _last(_SHA, text):
        return match.start(), match.end(), _hex(number, match.end() - match.start())
    if match := _VERSION.search(text):
        return match.start(1), match.end(1), str(9_000_000 + number)
    if match := _COUNTED.search(text):
        return match.start(1), match.end(1), str(700_000 + number)
    if match := _HOST.search(text):
        return match.start(1), match.end(1), f"zq{number:05d}"
    if ":" in text.rpartition("/")[2]:
        return _reference(text, number)
    if match := _WORD.search(text):
        return match.start(), match.end(), f"zq{number:05d}"
    return 0, 0, ""


def _reference(text: str, number: int) -> tuple[int, int, str]:
    """An image reference in one scalar: its tag changes, and keeps its shape."""
    colon = text.rindex(":")
    start, end, core = _core(text[colon + 1 :], number)
    return colon + 1 + start, colon + 1 + end, core


def repository_sentinel(text: str, repository: str, number: int) -> Sentinel:
    """Return the sentinel that changes the last word of the `repository` with which an image reference begins."""
    start = repository.rfind("/") + 1
    core = f"zq{number:05d}"
    return Sentinel(text, text[:start] + core + text[len(repository) :], ((core, repository[start:]),), start)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(text))), None)


def _hex(number: int, length: int) -> str:
    """Hex digits that begin with a letter, so that no reader takes them for a number, with two digits behind it."""
    digits = "".join(hashlib.sha512(f"agentslint {number} {part}".encode()).hexdigest() for part in range(2))
    return "abcdf"[number % 5] + f"{number % 10}" + digits[: length - 2]
