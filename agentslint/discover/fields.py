"""A mapping of a kustomization, read as kustomize reads it: the case of a key does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agentslint.places import Region
from agentslint.yamlread import MappingNode, Node, ScalarNode, SequenceNode, pairs


class Reference(NamedTuple):
    """A path or URL, the line that holds it and, where it is a scalar of its own, its place."""

    text: str
    line: int
    region: Region | None = None


class Fields:
    """The values of a mapping by lower-case key (Go's encoding/json matches keys so); of duplicates all are kept."""

    def __init__(self, node: Node) -> None:
        self.line = node.place[0]
        self._values: dict[str, list[Node]] = {}
        if isinstance(node, MappingNode):
            for key, item in pairs(node):
                self._values.setdefault(key.text.lower(), []).append(item)

    def text(self, name: str) -> str:
        """Return the scalar under a key, "" where there is none."""
        return self.reference(name).text

    def reference(self, name: str) -> Reference:
        """Return the scalar under a key with its place, an empty one where there is none."""
        return next(iter(self.references(name)), Reference("", self.line))

    def nested(self, name: str) -> list[Fields]:
        """Return the mappings in the list (or the one mapping) under a key."""
        return [Fields(node) for node in self._each(name) if isinstance(node, MappingNode)]

    def references(self, name: str) -> list[Reference]:
        """Return the scalars in the list (or the one scalar) under a key, without empty ones."""
        return [Reference(node.text, node.place[0], node.region) for node in self._each(name) if isinstance(node, ScalarNode) and node.text]

    def _each(self, name: str) -> Iterator[Node]:
        for node in reversed(self._values.get(name, ())):
            if isinstance(node, SequenceNode):
                yield from node.items
            else:
                yield node
