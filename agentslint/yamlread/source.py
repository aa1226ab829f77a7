"""The text of a YAML file: decoding it, and turning the parser's marks into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Protocol

from agentslint.yamlread.nodes import YamlError

MAX_CHARACTERS = 32 * 1024 * 1024
"""No file that people write is as long, and the nodes of one take twenty times its size in memory."""

_BOM = "\ufeff"
_EXOTIC_BREAK = re.compile("[\x85\u2028\u2029]|\r(?!\n)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class SourceMark(Protocol):
    """A place as PyYAML states it: zero-based, in code points."""

    line: int
    column: int
    index: int


class Source:
    """A decoded file and its lines. Lines end with LF or CRLF (SARIF 2.1.0, section 3.14.22), as editors count them."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.exotic = _EXOTIC_BREAK.search(text) is not None
        """Whether YAML 1.1 sees line breaks (section 4.2: NEL, LS, PS, lone CR) where editors see none."""

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return [line.rstrip("\r") for line in self.text.split("\n")]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def at(self, mark: SourceMark) -> tuple[int, int]:
        """Return the line and column of a mark, both 1-based."""
        if self.exotic:
            return self.at_index(mark.index)
        return mark.line + 1, mark.column + 1

    def at_index(self, index: int) -> tuple[int, int]:
        """Return the line and column of the character at `index`."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def error(self, message: str, line: int, column: int) -> YamlError:
        """Make an error of this file."""
        return YamlError(message, line, column, self.path)


def read_source(content: str | bytes, path: str) -> Source:
    """Decode `content` (UTF-8, a byte order mark is dropped) and refuse what no YAML file holds.

    Raises YamlError for bytes that are no UTF-8, for control characters (YAML 1.1, section 4.1.1) and for a file
    of more than `MAX_CHARACTERS`.
    """
    source = Source(_decoded(content, path).removeprefix(_BOM), path)
    if len(source.text) > MAX_CHARACTERS:
        raise source.error(f"longer than {MAX_CHARACTERS} characters", 1, 1)
    bad = _UNPRINTABLE.search(source.text)
    if bad:
        raise source.error(f"control character U+{ord(bad.group()):04X} in the text", *source.at_index(bad.start()))
    return source


def _decoded(content: str | bytes, path: str) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").removeprefix(_BOM)
        line, column = Source(before, path).at_index(len(before))
        raise YamlError(f"byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8", line, column, path) from None
