"""What came out at a field of the tainted render -> which scalars made which part of its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.sentinel import SHORTEST_CUT, Sentinel


@dataclass(frozen=True)
class Segment:
    """A part [start, end) of a field's text and the scalar that decides it."""

    start: int
    end: int
    scalar: AuthoredScalar


def segments(plain: str, tainted: str, sentinels: Iterable[tuple[AuthoredScalar, Sentinel]]) -> tuple[Segment, ...] | None:
    """Explain the difference of a field's plain and tainted text.

    Returns None where the two differ in more than sentinels: then something else follows from them, and nothing is proven.
    """
    found: list[tuple[int, AuthoredScalar, Sentinel, str]] = []
    for scalar, mark in sentinels:
        core = _seen(mark, tainted)
        found += [(position, scalar, mark, core) for position in _positions(core, tainted)]
    restored, spans, last = "", [], 0
    for position, scalar, mark, core in sorted(found, key=lambda item: item[0]):
        if position < last:
            continue
        restored += tainted[last:position]
        original = mark.replaced[: len(core)] if core != mark.core else mark.replaced
        spans.append((len(restored), original, scalar, mark))
        restored += original
        last = position + len(core)
    restored += tainted[last:]
    if restored != plain:
        return None
    return tuple(_segment(plain, start, original, scalar, mark) for start, original, scalar, mark in spans)


def _seen(mark: Sentinel, text: str) -> str:
    """The core, or as much of it as a template that cuts hashes has left."""
    if mark.core in text or not mark.is_hash or mark.core[:SHORTEST_CUT] not in text:
        return mark.core
    at = text.index(mark.core[:SHORTEST_CUT])
    length = SHORTEST_CUT
    while length < len(mark.core) and text[at : at + length + 1] == mark.core[: length + 1]:
        length += 1
    return mark.core[:length]


def _positions(core: str, text: str) -> list[int]:
    found, at = [], text.find(core)
    while at >= 0:
        found.append(at)
        at = text.find(core, at + len(core))
    return found


def _segment(plain: str, start: int, original: str, scalar: AuthoredScalar, mark: Sentinel) -> Segment:
    """The whole scalar's text, where all of it came through; else what did."""
    first = start - mark.offset
    if first >= 0 and plain[first : first + len(mark.original)] == mark.original:
        return Segment(first, first + len(mark.original), scalar)
    return Segment(start, start + len(original), scalar)
