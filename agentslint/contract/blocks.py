"""Image blocks: mappings in a chart's values that say which image runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.contract.subject import FIELDS, Block
from agentslint.probe import ChartValues

_BESIDE = frozenset(FIELDS) - {"repository"}


def image_blocks(values: ChartValues) -> list[Block]:
    """Return the mappings with a `repository` and at least one more of an image's fields, outer ones first."""
    return sorted(_blocks(values.merged, ()), key=len)


def _blocks(node: Any, path: Block) -> Iterator[Block]:
    if isinstance(node, Mapping):
        if path and _is_text(node.get("repository")) and not _BESIDE.isdisjoint(node):
            yield path
        for key, item in node.items():
            yield from _blocks(item, (*path, key))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
