"""Where the keys of a TOML file are written: tomli gives values, no positions.

A file is cut into its statements (TOML 1.0: a header or a key with its value, over as many lines as it needs), each of which
is a small TOML document of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import tomli

Keys = tuple["str | int", ...]

_MAY_END = re.compile(r"\]|\"\"\"|'''")
_CODE = re.compile(r"""(?:[^#"']|"(?:\\.|[^"\\])*(?:"|\\?$)|'[^']*(?:'|$)|["'])*""")


class Places:
    """The lines of the key paths of a file; keys in an inline table or an array are found by their text."""

    def __init__(self, text: str) -> None:
        self._lines = [line.rstrip("\r") for line in text.split("\n")]
        self._spans: dict[Keys, tuple[int, int]] = {}
        self._arrays: Counter[Keys] = Counter()
        header: Keys = ()
        for first, last, table in self._statements():
            if self._lines[first - 1].lstrip().startswith("["):
                header = self._header(table)
                self._note(header, first, last)
            else:
                for keys in _paths(table):
                    self._note((*header, *keys), first, last)

    def line(self, keys: Keys, word: str = "") -> int:
        """Return the 1-based line of a key path, else of what encloses it; there, of the first line that holds `word`, if one does."""
        while keys and keys not in self._spans:
            keys = keys[:-1]
        first, last = self._spans.get(keys, (1, 1))
        token = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        return next((number for number in range(first, last + 1) if word and token.search(_code(self._lines[number - 1]))), first)

    def _statements(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Yield the first and the last line of each statement, and what it says."""
        first = 1
        for number, line in enumerate(self._lines, 1):
            if number > first and not _MAY_END.search(line):
                continue
            table = _parsed("\n".join(self._lines[first - 1 : number]))
            if table is not None:
                if table:
                    yield first, number, table
                first = number + 1

    def _header(self, table: dict[str, Any]) -> Keys:
        """Return the path of `[a.b]` or `[[a.b]]`, with the number of each table that stands in an array of tables."""
        path: Keys = ()
        here: Any = table
        while here:
            ((key, here),) = here.items()
            path = (*path, key)
            if here == [{}]:
                self._arrays[path] += 1
                here = {}
            if self._arrays[path]:
                path = (*path, self._arrays[path] - 1)
        return path

    def _note(self, keys: Keys, first: int, last: int) -> None:
        for length in range(1, len(keys) + 1):
            self._spans.setdefault(keys[:length], (first, last))


def _code(line: str) -> str:
    """Return a line without its comment."""
    found = _CODE.match(line)
    return found.group() if found else line


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError:
        return None


def _paths(table: dict[str, Any]) -> Iterator[Keys]:
    """Yield the way to every value that is not itself a table."""
    for key, inner in table.items():
        if isinstance(inner, dict) and inner:
            yield from ((key, *rest) for rest in _paths(inner))
        else:
            yield (key,)
