"""A text file whose lines are read out of order, without a copy of each line."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cached_property

from agentslint.report.withheld import withheld_lines

_BREAK = re.compile(r"\r\n|\n|\r")
_SEPARATOR = re.compile(r"(?m)^(?:---|\.\.\.)(?=\s|$)")


class SourceText:
    """The lines of `text`, 1-based, and which of them belong to a Secret."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._hidden: dict[int, frozenset[int]] = {}

    def line(self, number: int) -> str | None:
        """Return line `number` without its break, or None where the file has no such line."""
        if not 0 < number <= len(self._starts):
            return None
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def withheld(self, number: int) -> bool:
        """Tell whether line `number` is part of a Secret."""
        if not 0 < number <= len(self._starts):
            return False
        start, end = self._document(self._starts[number - 1])
        if start not in self._hidden:
            self._hidden[start] = self._secret_lines(start, end)
        return number in self._hidden[start]

    @cached_property
    def _starts(self) -> array[int]:
        return array("Q", (0, *(found.end() for found in _BREAK.finditer(self.text))))

    @cached_property
    def _separators(self) -> array[int]:
        return array("Q", (found.start() for found in _SEPARATOR.finditer(self.text)))

    def _document(self, offset: int) -> tuple[int, int]:
        after = bisect_right(self._separators, offset)
        start = self._separators[after - 1] if after else 0
        return start, self._separators[after] if after < len(self._separators) else len(self.text)

    def _secret_lines(self, start: int, end: int) -> frozenset[int]:
        document = self.text[start:end]
        lower = document.lower()
        if not any(word in lower for word in ("ecret", "data", "\\")):
            return frozenset()
        first = bisect_right(self._starts, start)
        body = re.sub(r"\A---", "   ", document)
        return frozenset(first + index for index in withheld_lines(_BREAK.split(body)))
