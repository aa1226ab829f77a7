"""Where things are: ways into manifests and documents, regions of files.

Positions are 1-based; columns count Unicode code points; an end column is exclusive (SARIF 2.1.0, section 3.30).
Paths are POSIX and relative to the repository's root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

Pointer = tuple["str | int", ...]
"""A JSON path inside a manifest: keys and list indexes from the document's root."""


class Region(Struct, frozen=True):
    """A part of a text file."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Location(Struct, frozen=True):
    """A place in a file of the repository (or, for standard input, of the stream)."""

    path: str
    region: Region
    message: str = ""
    key_path: Pointer = ()


def nested_values(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the way to each value of nested tables, and the value; a table that is empty is a value."""
    for key, item in table.items():
        if isinstance(item, Mapping) and item:
            yield from nested_values(item, (*above, key))
        else:
            yield (*above, key), item


def dotted(pointer: Pointer) -> str:
    """Write a pointer with dots and brackets: ("a", 0, "b") -> `a[0].b`."""
    parts: list[str] = []
    for step in pointer:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(("." if parts else "") + step)
    return "".join(parts)


def by_name(body: Any, pointer: Pointer) -> Pointer:
    """Write list items by their names, where they have one: an inserted item must not move what comes after it."""
    steps: list[str | int] = []
    for step in pointer:
        item = follow(body, step)
        name = name_of(item) if isinstance(step, int) else ""
        steps.append(f"[{name}]" if name else step)
        body = item
    return tuple(steps)


def name_of(item: Any) -> str:
    """Return the identity of a list item: its `name`, else its `path`, or the target of a patch; empty if it has none."""
    if not isinstance(item, Mapping):
        return ""
    patched = item.get("target")
    target = f"{patched.get('kind', '*')}/{patched.get('name', '*')}" if isinstance(patched, Mapping) else None
    return next((name for name in (item.get("name"), item.get("path"), target) if isinstance(name, str)), "")


def follow(body: Any, step: str | int) -> Any:
    """Return the value one step further, or None."""
    if isinstance(body, Mapping):
        return body.get(step)
    if isinstance(body, list) and isinstance(step, int) and step < len(body):
        return body[step]
    return None
