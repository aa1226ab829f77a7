"""Image blocks: mappings in a chart's values that say which image runs, and their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.authorship.chart_values import ChartValues, ValueKey

Block = ValueKey
"""The way to an image block in the values: `controlPlane.image`."""
BlockField = tuple[Block, str]
"""One field of one block: `controlPlane.image` and `tag`."""
SECRETS = "pullSecrets"
FIELDS = ("registry", "repository", "tag", "digest", "pullPolicy", SECRETS)
"""The fields of image blocks by convention (`helm create`, and most public charts)."""
NAMING = ("registry", "repository", "tag", "digest")
"""Those of them that say which image runs."""
_BESIDE = frozenset(FIELDS) - {"repository"}


def dotted_key(key: ValueKey) -> str:
    """Write the way to a value as people do."""
    return ".".join(key)


def named(block_field: BlockField) -> str:
    """Write a block field as people do: `controlPlane.image.tag`."""
    return dotted_key((*block_field[0], block_field[1]))


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
