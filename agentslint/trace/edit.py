"""Scalars -> the bytes of a file with other texts in their places, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable

from agentslint.model import Region

_MARK = b"\xef\xbb\xbf"


def edited(data: bytes, changes: Iterable[tuple[Region, str]]) -> bytes:
    """Return `data` with each region's text replaced; of regions that overlap the first one is. Each stands on one line.

    Lines end with LF or CRLF; bytes that are no UTF-8, a byte order mark and line ends stay as they are.
    """
    mark = _MARK if data.startswith(_MARK) else b""
    lines = data[len(mark) :].decode("utf-8", "surrogateescape").split("\n")
    for region, text in reversed(_apart(changes)):
        line = lines[region.start_line - 1]
        lines[region.start_line - 1] = line[: region.start_column - 1] + text + line[region.end_column - 1 :]
    return mark + "\n".join(lines).encode("utf-8", "surrogateescape")


def _apart(changes: Iterable[tuple[Region, str]]) -> list[tuple[Region, str]]:
    """The changes in the order of the file, without those that reach into the one before."""
    kept: list[tuple[Region, str]] = []
    for region, text in sorted(set(changes), key=lambda change: (change[0].start_line, change[0].start_column, -change[0].end_column)):
        before = kept[-1][0] if kept else None
        if before is None or (before.end_line, before.end_column) <= (region.start_line, region.start_column):
            kept.append((region, text))
    return kept
