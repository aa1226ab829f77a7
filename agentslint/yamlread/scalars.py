"""Places in a file: every scalar with its place, and the place of a given path."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from agentslint.places import Pointer, Region
from agentslint.yamlread.nodes import Node, ScalarNode, SequenceNode
from agentslint.yamlread.plain_values import pairs
from agentslint.yamlread.resolve import key_text


class Scalar(Struct):
    """One scalar of a document and where it was written.

    What an alias or a merge key brings in has the pointer where it takes effect and the region where it is written.
    `key_region` is None for list items. `style` is one of plain, single, double, literal, folded. `within` is
    that of the quoted text in which it stands, if it does.
    """

    pointer: Pointer
    text: str
    region: Region
    style: str
    key_region: Region | None
    within: str = ""


def scalars(node: Node) -> Iterator[Scalar]:
    """Yield every scalar value of a document in the order of the file; keys are no scalars of their own."""
    found: list[Scalar] = []
    _collect(node, (), None, found)
    return iter(found)


def empty_collections(node: Node, pointer: Pointer = ()) -> Iterator[Scalar]:
    """Yield each `{}` and `[]` of a document as a scalar without a text."""
    if isinstance(node, ScalarNode):
        return
    children = list(enumerate(node.items)) if isinstance(node, SequenceNode) else [(key_text(key), item) for key, item in pairs(node)]
    if not children:
        yield Scalar(pointer, "", node.region, "plain", None)
    for step, item in children:
        yield from empty_collections(item, (*pointer, step))


def node_at(node: Node, pointer: Pointer) -> Node | None:
    """Return the node at `pointer`, or None."""
    for step in pointer:
        found = _child(node, step)
        if found is None:
            return None
        node = found[1]
    return node


def text_at(node: Node, pointer: Pointer) -> str:
    """Return the text of the scalar at `pointer`, empty where none stands there."""
    found = node_at(node, pointer)
    return found.text if isinstance(found, ScalarNode) else ""


def region_at(node: Node, pointer: Pointer, *, key: bool = False) -> Region | None:
    """Return where the value at `pointer` stands, or its key with `key` (a list item has none: the item itself).

    None where the pointer leads nowhere. For a duplicate key it is the last one, which is the one that counts.
    """
    at: ScalarNode | None = None
    for step in pointer:
        found = _child(node, step)
        if found is None:
            return None
        at, node = found
    return at.region if key and at is not None else node.region


def _child(node: Node, step: str | int) -> tuple[ScalarNode | None, Node] | None:
    if isinstance(node, ScalarNode):
        return None
    if isinstance(node, SequenceNode):
        inside = isinstance(step, int) and 0 <= step < len(node.items)
        return (None, node.items[int(step)]) if inside else None
    matching = [(key, item) for key, item in pairs(node) if key_text(key) == step]
    return matching[-1] if matching else None


def _collect(node: Node, pointer: Pointer, key: ScalarNode | None, found: list[Scalar]) -> None:
    if isinstance(node, ScalarNode):
        found.append(Scalar(pointer, node.text, node.region, node.style, key.region if key else None))
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.items):
            _collect(item, (*pointer, number), None, found)
    else:
        for name, item in pairs(node):
            _collect(item, (*pointer, key_text(name)), name, found)
