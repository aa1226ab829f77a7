"""Where each character of a YAML scalar's text is written: through escapes, quotes, folds and indentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.model import Region
from agentslint.yamlread import BLOCKS, Scalar

_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_DIGITS = {"x": 2, "u": 4, "U": 8}
"""https://yaml.org/spec/1.2.2/#57-escaped-characters"""
_SPACE = " \t\n"

ReadCharacter = tuple[str, int, int, int, bool]
"""A character that is read, its line (from 0), its first column and the one behind it (from 0), and whether it is escaped."""


class TextPositions:
    """The places of a scalar's text in its file."""

    def __init__(self, text: str, starts: Sequence[tuple[int, int]], ends: Sequence[tuple[int, int]]) -> None:
        self._starts = starts
        self._ends = ends
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def outer(self, inner: Region) -> Region:
        """Return where a region of the text, which is not empty, stands in the file."""
        first = self._lines[inner.start_line - 1] + inner.start_column - 1
        last = max(self._lines[inner.end_line - 1] + inner.end_column - 2, first)
        if first >= len(self._starts):
            first = last = len(self._starts) - 1
        (line, column), (end_line, end_column) = self._starts[first], self._ends[min(last, len(self._ends) - 1)]
        return Region(line + 1, column + 1, end_line + 1, end_column + 1)


def text_positions(scalar: Scalar, lines: Sequence[str]) -> TextPositions | None:
    """Return where the characters of a scalar stand, None where that is not clear; `lines` are those of its file."""
    starts: list[tuple[int, int]] = []
    ends: list[tuple[int, int]] = []
    written = list(_written(scalar, lines))
    at = 0
    for character in scalar.text:
        if character not in _SPACE:
            while at < len(written) and written[at][0] in _SPACE and not written[at][4]:
                at += 1
            if at == len(written) or written[at][0] != character:
                return None
        if at == len(written):
            # Line ends that a block keeps stand behind its last character.
            starts.append(ends[-1] if ends else (scalar.region.start_line - 1, scalar.region.start_column - 1))
            ends.append(starts[-1])
            continue
        found, line, first, behind, _ = written[at]
        starts.append((line, first))
        ends.append((line, behind))
        at += found == character or (found in _SPACE and character in _SPACE)
    return TextPositions(scalar.text, starts, ends) if starts else None


def _written(scalar: Scalar, lines: Sequence[str]) -> Iterator[ReadCharacter]:
    region = scalar.region
    is_block = scalar.style in BLOCKS
    # The region of a quoted text holds its quotes where it goes over several lines.
    quote = 1 if scalar.style in ("single", "double") and region.start_line != region.end_line else 0
    first = region.start_line if is_block else region.start_line - 1
    for number in range(first, min(region.end_line, len(lines))):
        line = lines[number].rstrip("\r")
        start = region.start_column - 1 + quote if number == region.start_line - 1 else 0
        end = region.end_column - 1 - quote if number == region.end_line - 1 and not is_block else len(line)
        yield from _characters(line, number, start, end, scalar.style)
        yield ("\n", number, end, end, False)


def _characters(line: str, number: int, start: int, end: int, style: str) -> Iterator[ReadCharacter]:
    at = start
    while at < end:
        character, length, escaped = line[at], 1, False
        if style == "single" and line[at : at + 2] == "''":
            length = 2
        elif style == "double" and character == "\\":
            escape = line[at + 1 : at + 2]
            digits = _DIGITS.get(escape, 0)
            length, escaped = 2 + digits, True
            character = _hex(line[at + 2 : at + 2 + digits]) if digits else _ESCAPES.get(escape, "\0")
        if at + length <= end:
            yield (character, number, at, at + length, escaped)
        at += length


def _hex(digits: str) -> str:
    try:
        return chr(int(digits, 16))
    except (ValueError, OverflowError):
        return "\0"
