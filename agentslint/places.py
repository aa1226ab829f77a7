"""Where things are: paths into manifests, regions of files.

Positions are 1-based; columns count Unicode code points; an end column is exclusive (SARIF 2.1.0, section 3.30).
Paths are POSIX and relative to the repository's root.
"""

from __future__ import annotations

from dataclasses import dataclass

Pointer = tuple["str | int", ...]
"""A JSON path inside a manifest: keys and list indexes from the document's root."""


@dataclass(frozen=True)
class Region:
    """A part of a text file."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Location:
    """A place in a file of the repository (or, for standard input, of the stream)."""

    path: str
    region: Region
    message: str = ""
    key_path: Pointer = ()


def dotted(pointer: Pointer) -> str:
    """Write a pointer with dots and brackets: ("a", 0, "b") -> `a[0].b`."""
    parts: list[str] = []
    for step in pointer:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(("." if parts else "") + step)
    return "".join(parts)
