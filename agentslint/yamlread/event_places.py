"""Parser events to places: the parser counts properties, quotes and trailing lines in, people do not."""

from __future__ import annotations

import re
from typing import Any

from agentslint.yamlread.nodes import BLOCKS, NodeExtent
from agentslint.yamlread.source import Source

_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#[^\n]*\n\s*)*)?)+")
"""Anchor and tag before a node (YAML 1.1, section 3.2.3.3), with blanks and comments after them."""


def scalar_place(source: Source, event: Any, style: str) -> NodeExtent:
    """Return where a scalar's own text stands.

    That is without anchor and tag, inside of the quotes where those are on one line, and up to the last line that holds
    text for a block scalar.
    """
    start = _after_properties(source, event) if event.anchor or event.tag else source.at(event.start_mark)
    end = source.at(event.end_mark)
    if style == "plain":
        return (*start, *end)
    if style in BLOCKS:
        return (*start, *_last_text(source, start[0], end))
    if start[0] != end[0]:
        return (*start, *end)
    return start[0], start[1] + 1, end[0], end[1] - 1


def alias_place(source: Source, event: Any) -> NodeExtent:
    """Return where an alias stands, star included."""
    return (*source.at(event.start_mark), *source.at(event.end_mark))


def start_place(source: Source, event: Any) -> NodeExtent:
    """Return where a collection starts; its end is known later."""
    start = source.at(event.start_mark)
    return (*start, *start)


def _after_properties(source: Source, event: Any) -> tuple[int, int]:
    begin, end = event.start_mark.index, event.end_mark.index
    match = _PROPERTIES.match(source.text, begin, end)
    return source.at_index(match.end() if match else begin)


def _last_text(source: Source, first: int, end: tuple[int, int]) -> tuple[int, int]:
    line, column = end
    if column > 1:
        return end
    line -= 1
    while line > first and not source.lines[line - 1].strip():
        line -= 1
    return line, len(source.lines[line - 1]) + 1
