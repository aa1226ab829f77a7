"""YAML inside of a block scalar (`patch: |-`): its scalars, at their places in the outer file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agentslint.model import Region
from agentslint.yamlread import Scalar, YamlError, compose, scalars, value


def nested_scalars(outer: Scalar, lines: Sequence[str]) -> Iterator[tuple[Any, Scalar]]:
    """Yield (document, scalar) of the YAML that a literal block holds, with regions of the outer file.

    `lines` are the outer file's. A block that is no YAML yields nothing.
    """
    if outer.style != "literal" or ":" not in outer.text:
        return
    first = outer.region.start_line + 1
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines[first - 1 :] if line.strip()), 0)
    try:
        nodes = compose(outer.text, "")
    except YamlError:
        return
    for node in nodes:
        body = value(node)
        for scalar in scalars(node):
            region = scalar.region
            place = Region(
                region.start_line + first - 1, region.start_column + indent, region.end_line + first - 1, region.end_column + indent
            )
            yield body, Scalar(scalar.pointer, scalar.text, place, scalar.style, scalar.key_region)

