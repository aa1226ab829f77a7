"""Nodes to plain Python objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentslint.yamlread.nodes import MappingNode, Node, ScalarNode, SequenceNode, is_merge
from agentslint.yamlread.resolve import key_text, resolve


def value(node: Node) -> Any:
    """Return dicts with string keys, lists, and scalars as the renderers see them (`resolve`); `<<` is merged in."""
    if isinstance(node, ScalarNode):
        return resolve(node)
    if isinstance(node, SequenceNode):
        return [value(item) for item in node.items]
    return {key_text(key): value(item) for key, item in pairs(node)}


def pairs(node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
    """Yield the keys and values of a mapping, first those that a merge key brings and the mapping does not write itself.

    Of several merged mappings the first one wins (YAML 1.1 type repository, "merge"). Duplicate keys come as written.
    """
    if not node.merges:
        return iter(node.pairs)
    return _merged(node)


def _merged(node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
    own = [(key, item) for key, item in node.pairs if not is_merge(key)]
    seen = {key_text(key) for key, _ in own}
    for source in _sources(node):
        for key, item in pairs(source):
            if key_text(key) not in seen:
                seen.add(key_text(key))
                yield key, item
    yield from own


def _sources(node: MappingNode) -> Iterator[MappingNode]:
    for key, item in node.pairs:
        if is_merge(key):
            listed = item.items if isinstance(item, SequenceNode) else [item]
            yield from (source for source in listed if isinstance(source, MappingNode))
