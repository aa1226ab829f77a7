"""The keys and values of YAML documents, each with a name that is made of those above it.

Its object identifies a document; its object, name or path identifies an item of a list, else its number.
Text in a literal block may be YAML itself (a patch in a kustomization, a manifest in a ConfigMap): its parts are named, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.places import follow, name_of
from agentslint.suppress.text_chains import named
from agentslint.yamlread import BLOCKS, MappingNode, Node, ScalarNode, YamlError, compose, value

Extent = tuple[int, int, int, int]


class NamedPart(Struct, frozen=True, eq=False):
    """A key or a value with its name, where it stands, and the part around it; a line of a text has no node."""

    key: bytes
    place: Extent
    node: Node | None = None
    around: NamedPart | None = None
    is_text: bool = False
    """Whether it is a block of text of which only the lines can be named."""


class _Offset(Struct, frozen=True):
    """Where a text stands in the file that holds it: so many lines down, so many columns to the right."""

    lines: int = 0
    columns: int = 0

    def of(self, place: Extent) -> Extent:
        return place[0] + self.lines, place[1] + self.columns, place[2] + self.lines, place[3] + self.columns


def named_parts(text: str) -> Iterator[NamedPart]:
    """Yield the parts of the documents in a text, each behind the one that it stands in; none where it is no YAML."""
    yield from _documents(text, b"", None, _Offset(), text.split("\n"))


def _documents(text: str, above: bytes, around: NamedPart | None, offset: _Offset, lines: list[str] | None) -> Iterator[NamedPart]:
    """Text within text is named, text within that is not: `lines` are those of the file, None in a text within."""
    try:
        documents = compose(text, duplicate_keys=True)
    except YamlError:
        return
    for node in documents:
        body = value(node)
        yield from _below(node, body, named(above, *_object(body)), around, offset, lines)


def _below(
    root: Node, root_body: Any, root_key: bytes, root_around: NamedPart | None, offset: _Offset, lines: list[str] | None
) -> Iterator[NamedPart]:
    """What an alias stands for is named where its anchor is."""
    known: set[int] = set()
    waiting: list[tuple[Node, Any, bytes, NamedPart | None]] = [(root, root_body, root_key, root_around)]
    while waiting:
        node, body, key, around = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, ScalarNode):
            yield from _scalar(node, key, around, offset, lines)
            continue
        part = NamedPart(key, offset.of(node.place), node, around)
        yield part
        if isinstance(node, MappingNode):
            for name, item in node.pairs:
                yield NamedPart(named(key, "key", name.text), offset.of(name.place), name, part)
                waiting.append((item, follow(body, name.text), named(key, "of", name.text), part))
        else:
            bodies = body if isinstance(body, list) else []
            for number, item in enumerate(node.items):
                inner = bodies[number] if number < len(bodies) else None
                waiting.append((item, inner, named(key, "item", *_item(inner, number)), part))


def _scalar(node: ScalarNode, key: bytes, around: NamedPart | None, offset: _Offset, lines: list[str] | None) -> Iterator[NamedPart]:
    is_block = node.style in BLOCKS
    plain = NamedPart(key, offset.of(node.place), node, around)
    inner = list(_documents(node.text, key, plain, _within(node, lines), None)) if lines is not None and node.style == "literal" else []
    if any(not isinstance(each.node, ScalarNode) for each in inner):
        yield plain
        yield from inner
    else:
        yield NamedPart(key, plain.place, node, around, is_text=is_block)


def _within(block: ScalarNode, lines: list[str]) -> _Offset:
    """Where the text of a literal block begins: a line below, as far to the right as its first line is indented more than in the text."""
    above = block.place[0]
    written = next((line for line in lines[above : block.place[2]] if line.strip()), "")
    read = next((line for line in block.text.split("\n") if line.strip()), "")
    return _Offset(above, max(len(written.rstrip("\r")) - len(read), 0))


def _object(body: Any) -> tuple[str, ...]:
    """The API group, kind, namespace and name of a manifest; empty where it is none. Its version may change, it is the same object."""
    metadata = body.get("metadata") if isinstance(body, Mapping) else None
    if not isinstance(metadata, Mapping) or not body.get("kind"):
        return ()
    group = str(body.get("apiVersion", "")).rpartition("/")[0]
    return group, str(body["kind"]), str(metadata.get("namespace", "")), str(metadata.get("name", ""))


def _item(body: Any, number: int) -> tuple[Any, ...]:
    return _object(body) or (name_of(body) or number,)
