"""Sentinels: for a scalar another text of the same shape that occurs nowhere else.

Only a part of the text changes, its core: a digest stays a digest, a SHA a SHA, a version a version with the same major and minor, a
repository keeps its registry. So templates that test the shape, and schemas, see what they saw before.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_DIGEST = re.compile(r"(?<=sha256:)[0-9a-f]{64}(?![0-9a-f])|(?<=sha512:)[0-9a-f]{128}(?![0-9a-f])")
_SHA = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{7,64}(?![0-9A-Za-z])")
_VERSION = re.compile(r"^v?\d+\.(?:\d+\.)?(\d+)(?=[^\d.]|$)")
_HOST = re.compile(r"^([a-z0-9-]+)(?=(\.[a-z0-9-]+)+(:\d+)?$)", re.I)
_NUMBER = re.compile(r"^\d{2,}$")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*$")
SHORTEST_CUT = 7
"""A hash that is cut is still known by this many digits."""


@dataclass(frozen=True)
class Sentinel:
    """The text to write, and which part of it tells it from all others."""

    original: str
    text: str
    core: str
    replaced: str
    """What stood in the core's place."""
    offset: int
    """Where the core begins in the text."""

    @property
    def is_hash(self) -> bool:
        """Whether a cut core can still be told from others."""
        return bool(re.fullmatch(r"[0-9a-f]{7,}", self.core))


def sentinel(text: str, number: int) -> Sentinel | None:
    """Return the sentinel with this number for `text`, or None for what must not be changed (booleans, nulls, empty text)."""
    if not text.strip() or "\n" in text or text.lower() in ("true", "false", "null", "~", "yes", "no", "on", "off"):
        return None
    start, end, core = _core(text, number)
    if start == end:
        return None
    return Sentinel(text, text[:start] + core + text[end:], core, text[start:end], start)


def _core(text: str, number: int) -> tuple[int, int, str]:
    if match := _DIGEST.search(text) or _last(_SHA, text):
        return match.start(), match.end(), _hex(number, match.end() - match.start())
    if match := _VERSION.search(text):
        return match.start(1), match.end(1), str(9_000_000 + number)
    if _NUMBER.match(text):
        return 0, len(text), str(9_000_000 + number)
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


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(text))), None)


def _hex(number: int, length: int) -> str:
    """Hex digits that begin with a letter, so that no reader takes them for a number."""
    digits = "".join(hashlib.sha512(f"agentslint {number} {part}".encode()).hexdigest() for part in range(2))
    return "abcdef"[number % 6] + digits[: length - 1]
