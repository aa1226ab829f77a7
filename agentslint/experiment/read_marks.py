"""The text of a field in a changed render -> the scalars that made its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
from agentslint.experiment.marks import SHORTEST_CUT, Mark, MarkedPart, parts_of


class _Seen(Struct, frozen=True):
    """A core in a changed text: where, what is there of it, and what that stands for."""

    start: int
    text: str
    stands_for: str
    core: MarkedPart
    scalar: AuthoredScalar


Marks = Sequence[tuple[AuthoredScalar, Mark]]


def segments(plain: str, changed: str, marks: Marks) -> tuple[Segment, ...] | None:
    """Explain the difference of a field's plain and changed text.

    Returns None where the two differ in more than sentinels: then something else follows from them, and nothing is proven.
    """
    back, found, last = "", [], 0
    for meanings in _in_order(changed, marks):
        back += changed[last : meanings[0].start]
        seen = next((each for each in meanings if plain.startswith(each.stands_for, len(back))), meanings[0])
        found.append(_segment(plain, len(back), seen))
        back += seen.stands_for
        last = seen.start + len(seen.text)
    return _joined(plain, found, marks) if back + changed[last:] == plain else None


def restored(text: str, marks: Marks) -> str:
    """Return a changed text with what the sentinels stand for in their place."""
    back, last = "", 0
    for seen, *_ in _in_order(text, marks):
        back += text[last : seen.start] + seen.stands_for
        last = seen.start + len(seen.text)
    return back + text[last:]


def _in_order(text: str, marks: Marks) -> Iterator[list[_Seen]]:
    """The cores in a text from left to right, the longer one first where two begin together; none inside of another.

    A number may stand for several ways of writing it: then there are as many meanings.
    """
    last = 0
    found = sorted(_occurrences(text, marks), key=lambda seen: (seen.start, -len(seen.text)))
    for (start, length), meanings in groupby(found, key=lambda seen: (seen.start, len(seen.text))):
        if start >= last:
            yield list(meanings)
            last = start + length


def _occurrences(text: str, marks: Marks) -> Iterator[_Seen]:
    for scalar, mark in marks:
        for core in mark.cores:
            shown = _shown(core, text)
            stands_for = core.stands_for if shown == core.text else core.stands_for[: len(shown)]
            yield from (_Seen(start, shown, stands_for, core, scalar) for start in _positions(shown, text))


def _shown(core: MarkedPart, text: str) -> str:
    """The core, or as much of it as a template that cuts hashes has left."""
    if core.text in text or not core.is_hash or core.text[:SHORTEST_CUT] not in text:
        return core.text
    at = text.index(core.text[:SHORTEST_CUT])
    length = SHORTEST_CUT
    while length < len(core.text) and text[at : at + length + 1] == core.text[: length + 1]:
        length += 1
    return core.text[:length]


def _positions(part: str, text: str) -> list[int]:
    found, at = [], text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + len(part))
    return found


def _segment(plain: str, start: int, seen: _Seen) -> Segment:
    """The part of the scalar that the core speaks for, where all of it came through; else what did."""
    first, original = start - seen.core.offset, seen.scalar.text
    begin, end = seen.core.within or (0, len(original))
    if first + begin >= 0 and plain[first + begin : first + end] == original[begin:end]:
        return Segment(first + begin, first + end, seen.scalar, begin)
    return Segment(start, start + len(seen.stands_for), seen.scalar, seen.core.offset)


def _joined(plain: str, found: Sequence[Segment], marks: Marks) -> tuple[Segment, ...]:
    """The segments, those of one scalar as one where all its parts came through beside each other."""
    parts = {scalar: {core.within for core in mark.cores} for scalar, mark in marks}
    joined: list[Segment] = []
    for (scalar, first), group in groupby(found, key=lambda segment: (segment.scalar, segment.start - segment.offset)):
        mine = list(group)
        all_of_it = len({segment.offset for segment in mine}) == len(parts[scalar]) > 1
        if all_of_it and first >= 0 and plain[first : first + len(scalar.text)] == scalar.text:
            mine = [Segment(first, first + len(scalar.text), scalar)]
        joined += mine
    return tuple(joined)


def alone(plain: str, changed: str, scalar: AuthoredScalar, text: str) -> tuple[Segment, ...] | None:
    """Explain the difference where `scalar` alone was changed, to a `text` of the same length that is no sentinel.

    Wherever the field differs it must have held a part of the scalar's text, and hold the same part of the new one.
    """
    if len(plain) != len(changed):
        return None
    found = [_part(plain, changed, start, end, scalar, text) for start, end in _runs(plain, changed)]
    return tuple(segment for segment in found if segment) if all(found) else None


def _part(plain: str, changed: str, start: int, end: int, scalar: AuthoredScalar, text: str) -> Segment | None:
    at = scalar.text.find(plain[start:end])
    while at >= 0:
        if text[at : at + end - start] == changed[start:end]:
            begin, stop = next((part for part in parts_of(scalar.text) if part[0] <= at < part[1]), (0, len(scalar.text)))
            first = start - at
            whole = first + begin >= 0 and plain[first + begin : first + stop] == scalar.text[begin:stop]
            return Segment(first + begin, first + stop, scalar, begin) if whole else Segment(start, end, scalar, at)
        at = scalar.text.find(plain[start:end], at + 1)
    return None


def _runs(plain: str, changed: str) -> list[tuple[int, int]]:
    """The columns that differ, as [start, end); a separator between two of them does not part them."""
    columns = [at for at, (old, new) in enumerate(zip(plain, changed, strict=True)) if old != new]
    breaks = [number for number, (left, right) in enumerate(pairwise(columns), 1) if right - left > 2]
    return [(columns[first], columns[last - 1] + 1) for first, last in pairwise([0, *breaks, len(columns)]) if columns]
