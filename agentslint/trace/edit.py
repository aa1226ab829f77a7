"""Scalars -> the bytes of a file with other texts in their places, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable

from agentslint.model import Region


def edited(data: bytes, changes: Iterable[tuple[Region, str]]) -> bytes:
    """Return `data` with each region's text replaced; regions stand on one line each and do not overlap."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    lines = data[len(mark) :].decode("utf-8").splitlines(keepends=True)
    for region, text in sorted(set(changes), key=lambda change: (change[0].start_line, change[0].start_column), reverse=True):
        line = lines[region.start_line - 1]
        lines[region.start_line - 1] = line[: region.start_column - 1] + text + line[region.end_column - 1 :]
    return mark + "".join(lines).encode()
