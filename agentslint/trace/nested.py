"""YAML inside of a scalar (`patch: |-`): its scalars, at their places in the outer file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agentslint.model import Region
from agentslint.yamlread import Scalar, YamlError, compose, scalars, value


def inner_scalars(outer: Scalar, lines: Sequence[str]) -> Iterator[tuple[Any, list[Scalar]]]:
    """Yield each document that a literal block or a quoted line holds, with its scalars in regions of the outer file.

    `lines` are the outer file's. What is no YAML yields nothing, nor does a quoted text with escapes: its columns are not the file's.
    """
    shift = _shift(outer, lines)
    if shift is None:
        return
    try:
        nodes = compose(outer.text, "", duplicate_keys=True)
    except YamlError:
        return
    for node in nodes:
        yield value(node), [_moved(scalar, *shift) for scalar in scalars(node)]


def _shift(outer: Scalar, lines: Sequence[str]) -> tuple[int, int] | None:
    """How many lines and columns the text is away from its own beginning; None where it is not written as it reads."""
    region = outer.region
    if outer.style == "literal":
        indent = next((len(line) - len(line.lstrip(" ")) for line in lines[region.start_line :] if line.strip()), 0)
        return region.start_line, indent
    as_it_reads = region.start_line == region.end_line and region.end_column - region.start_column == len(outer.text)
    return (region.start_line - 1, region.start_column - 1) if as_it_reads else None


def _moved(scalar: Scalar, lines: int, columns: int) -> Scalar:
    region = scalar.region
    place = Region(region.start_line + lines, region.start_column + columns, region.end_line + lines, region.end_column + columns)
    return Scalar(scalar.pointer, scalar.text, place, scalar.style, scalar.key_region)
