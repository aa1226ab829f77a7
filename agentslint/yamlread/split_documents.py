"""A stream -> its documents, each with the line on which it starts; nothing is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(rb"(?:\xef\xbb\xbf)?(---|\.\.\.)(?=[ \t\r\n]|\Z)([^\n]*)")
"""What starts or ends a document (YAML 1.2.2, section 9.1.2), wherever a line begins with it: no scalar may hold such a line."""
_LATER_MARK = re.compile(rb"\n(?=[-.\xef])" + _MARK.pattern)
_TEXT = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t\r]*(?:[^\s#%\xef]|\xef(?!\xbb\xbf))", re.M)
"""A line that is neither blank, a comment nor a directive."""


def split(stream: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each document that is not empty, with the 1-based line on which it starts."""
    return ((data, line) for data, line in pieces(stream) if is_document(data))


def is_document(piece: bytes) -> bool:
    """Tell whether there is more in a piece of a stream than comments and directives."""
    return _TEXT.search(piece) is not None


def pieces(stream: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield what lies between the marks of a stream, comments alone included, with the line on which it starts."""
    line, start = 1, 0
    for mark_start, mark_end, inline in _marks(stream):
        yield stream[start:mark_start], line
        # What stands behind the mark on its own line belongs to the document: `--- {kind: Pod}`.
        after = mark_start if inline else mark_end
        line += stream.count(b"\n", start, after)
        start = after
    yield stream[start:], line


def _marks(stream: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each mark starts, where the next line does, and whether a document begins on that line."""
    if first := _MARK.match(stream):
        yield 0, first.end() + 1, _begins_document(first)
    for mark in _LATER_MARK.finditer(stream):
        yield mark.start() + 1, mark.end() + 1, _begins_document(mark)


def _begins_document(mark: re.Match[bytes]) -> bool:
    return mark.group(1) == b"---" and _TEXT.search(mark.group(2)) is not None
