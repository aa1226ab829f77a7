"""Code frames: the authored line, with the relevant part marked."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.credentials import starred
from agentslint.model import Location, Region, Report, Result
from agentslint.report.beside import starred_beside
from agentslint.report.escape import visible
from agentslint.report.source_text import SourceText
from agentslint.report.withheld import holds_secret

WIDEST = 120
"""The width of a line's shown part where no terminal says otherwise."""
_FILES_KEPT = 8
_TAB = "    "


class Frame(Struct, frozen=True):
    """A line as a terminal shows it; `offset` and `length`, in terminal cells, say what to underline."""

    number: int
    text: str
    offset: int
    length: int


class Frames:
    """Reads the lines of a report's places: from `report.sources`, else from the files under `report.root`."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._files: dict[str, SourceText | None] = {}

    def withheld(self, result: Result) -> bool:
        """Tell whether the line of `result` must not be shown, because it is a Secret's."""
        if holds_secret(result):
            return True
        source = self._source(result.location.path)
        return source is not None and source.withheld(result.location.region.start_line)

    def line(self, result: Result) -> str | None:
        """Return the first line of the result's region; None where it cannot be read or must not be shown."""
        line = None if self.withheld(result) else self.any_line(result.location)
        return None if line is None else starred_beside(starred(line), *columns(line, result.location.region))

    def any_line(self, location: Location) -> str | None:
        """Return the first line of `location`, also of a Secret: to be measured, never to be shown."""
        source = self._source(location.path)
        return source.line(location.region.start_line) if source else None

    def frame(self, result: Result, width: int | None = None) -> Frame | None:
        """Return the frame of a result, or None where its line cannot be read or must not be shown."""
        line = self.line(result)
        return None if line is None else framed(line, result.location.region, width or WIDEST)

    def _source(self, path: str) -> SourceText | None:
        if path not in self._files:
            if len(self._files) >= _FILES_KEPT:
                self._files.clear()
            text = self._report.sources.get(path)
            text = _read(self._report.root, path) if text is None else text
            self._files[path] = None if text is None else SourceText(text)
        return self._files[path]


def _read(root: Path, path: str) -> str | None:
    """Return the text of a regular file below `root`; None for anything else, and for what is too large to show."""
    try:
        return files.text_in(root, path)
    except (OSError, ValueError):
        return None


def framed(line: str, region: Region, width: int) -> Frame:
    """Return `line` as a terminal shows it, cut around the region's part of it to about `width` characters.

    A region that reaches beyond the line, or spans several, is cut to it.
    """
    start, end = columns(line, region)
    first, last = _window(len(line), start, end, max(width, 20))
    before = ("…" if first else "") + _shown(line[first:start])
    marked = _shown(line[start : min(end, last)])
    after = _shown(line[min(end, last) : last]) + ("…" if last < len(line) else "")
    return Frame(region.start_line, visible(before + marked + after).rstrip(), _cells(before), max(1, _cells(marked)))


def columns(line: str, region: Region) -> tuple[int, int]:
    """Return the region's part of its first `line` as indexes [start, end)."""
    start = min(max(region.start_column - 1, 0), len(line))
    end = len(line.rstrip()) if region.end_line > region.start_line else region.end_column - 1
    return start, max(start, min(end, len(line)))


def _window(length: int, start: int, end: int, width: int) -> tuple[int, int]:
    if length <= width:
        return 0, length
    lead = max(width // 4, (width - (end - start)) // 2)
    first = max(0, min(start - lead, length - width))
    return first, first + width


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _cells(text: str) -> int:
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
