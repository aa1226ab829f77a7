"""A mapping of a kustomization, read as kustomize reads it: the case of a key does not matter."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import NamedTuple

from agentslint.places import Region
from agentslint.yamlread import MappingNode, Node, ScalarNode, SequenceNode, pairs

_BINARY = "tag:yaml.org,2002:binary"


class PathReference(NamedTuple):
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
                self._add(key, item)

    def _add(self, key: ScalarNode, item: Node) -> None:
        """Add a value; what a merge key brings that is written with its tag (`!!merge <<`), too."""
        self._values.setdefault(_folded(_text(key)), []).append(item)
        if key.text == "<<" and key.tag is not None:
            for merged in item.items if isinstance(item, SequenceNode) else [item]:
                for name, value in pairs(merged) if isinstance(merged, MappingNode) else ():
                    self._add(name, value)

    def text(self, name: str) -> str:
        """Return the scalar under a key, "" where there is none."""
        return self.reference(name).text

    def reference(self, name: str) -> PathReference:
        """Return the scalar under a key with its place, an empty one where there is none."""
        return next(iter(self.references(name)), PathReference("", self.line))

    def nested(self, name: str) -> list[Fields]:
        """Return the mappings in the list (or the one mapping) under a key."""
        return [Fields(node) for node in self._each(name) if isinstance(node, MappingNode)]

    def references(self, name: str) -> list[PathReference]:
        """Return the scalars in the list (or the one scalar) under a key, without empty ones."""
        found = (node for node in self._each(name) if isinstance(node, ScalarNode) and node.text)
        return [PathReference(_text(node), node.place[0], node.region) for node in found]

    def _each(self, name: str) -> Iterator[Node]:
        for node in reversed(self._values.get(name, ())):
            if isinstance(node, SequenceNode):
                yield from node.items
            else:
                yield node


def _folded(key: str) -> str:
    """A key as Go's encoding/json compares it: a long s is an s there, which Python keeps apart."""
    return key.lower().replace("ſ", "s")


def _text(node: ScalarNode) -> str:
    """The text of a scalar; `!!binary` is decoded, as kustomize does."""
    if node.tag != _BINARY:
        return node.text
    try:
        return base64.b64decode("".join(node.text.split())).decode("utf-8", "replace")
    except ValueError:
        return node.text
