"""Text to nodes with positions, with guards against hostile YAML.

The nodes are built from the parser's events without recursion: PyYAML's own composer expands nothing either, but it
recurses, accepts duplicate keys and resolves types that nobody asked for yet (the slowest part of it).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from agentslint.yamlread.event_places import alias_place, scalar_place, start_place
from agentslint.yamlread.nodes import MappingNode, Node, NodeExtent, ScalarNode, SequenceNode, YamlError, is_merge
from agentslint.yamlread.source import Source, read_source

MAX_EXPANDED = 1_000_000
"""The most nodes that the aliases of a file may expand to."""

MAX_DEPTH = 200
"""How deep a document may nest: far above any manifest, and far below Python's limit for those who walk it."""

_STYLES = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


def compose(content: str | bytes, path: str = "", *, duplicate_keys: bool = False) -> list[Node]:
    """Return the documents of an authored YAML file.

    An alias is the very node of its anchor. Raises YamlError, with the place, for what is no YAML, no UTF-8 or too long,
    for duplicate keys (unless `duplicate_keys`: kustomize takes them, the last one counts), for keys that are no scalars,
    for anchors that are unknown or hold themselves, and for documents that nest deeper than `MAX_DEPTH` or whose
    aliases stand for more than `MAX_EXPANDED` nodes.
    """
    source = read_source(content, path)
    composer = _Composer(source, duplicate_keys)
    _feed(source, composer.take)
    return composer.documents


def _feed(source: Source, take: Callable[[Any], None]) -> None:
    import yaml

    try:
        loader = _loader()(source.text)
        while (event := loader.get_event()) is not None:
            take(event)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(source, error) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise source.error(str(error), 1, 1) from None


@cache
def _loader() -> Any:
    """Return PyYAML's C loader, or its Python one where the C part was not built."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _syntax_error(source: Source, error: Any) -> YamlError:
    mark = error.problem_mark or error.context_mark
    line, column = source.at(mark)
    if source.text[mark.index : mark.index + 1] == "\t":
        return source.error("a tab where YAML allows only spaces", line, column)
    message = ", ".join(part for part in (error.context, error.problem) if part)
    return source.error(message, line, column)


class _Anchored(NamedTuple):
    """A finished node that aliases may name: how many nodes it stands for, and how deep it is."""

    node: Node
    size: int
    height: int


class _Open:
    """A collection, or the document, that is being read."""

    __slots__ = ("anchor", "before", "end", "height", "key", "node", "seen")

    def __init__(self, node: MappingNode | SequenceNode | None, anchor: str | None, before: int) -> None:
        self.node = node
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.end: tuple[int, int] = (1, 1)
        self.key: ScalarNode | None = None
        self.seen: set[str] = set()


class _Composer:
    """Takes events one by one; `documents` is what came of them."""

    def __init__(self, source: Source, duplicate_keys: bool) -> None:
        self.documents: list[Node] = []
        self._source = source
        self._duplicate_keys = duplicate_keys
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._count = 0
        self._expanded = 0
        self._handlers: dict[str, Callable[[Any], None]] = {
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "DocumentStartEvent": self._document,
        }

    def take(self, event: Any) -> None:
        """Take the next event of the stream."""
        handler = self._handlers.get(type(event).__name__)
        if handler:
            handler(event)

    def _document(self, _event: Any) -> None:
        self._anchors.clear()
        self._stack = [_Open(None, None, self._count)]

    def _scalar(self, event: Any) -> None:
        style = _STYLES.get(event.style, "plain")
        node = ScalarNode(event.value, style, event.tag, scalar_place(self._source, event, style))
        self._count += 1
        self._add(node, node.place)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(node, 1, 0)

    def _alias(self, event: Any) -> None:
        place = alias_place(self._source, event)
        target = self._anchors.get(event.anchor)
        if target is None:
            # Without its name: an unquoted value of a Secret that begins with a star is read as an alias.
            problem = "holds itself" if event.anchor in self._anchors else "is unknown (a text that begins with * needs quotes)"
            raise self._source.error(f"the anchor of this alias {problem}", *place[:2])
        self._count += target.size
        self._expanded += target.size
        if self._expanded > MAX_EXPANDED:
            raise self._source.error(f"the aliases expand to more than {MAX_EXPANDED} nodes", *place[:2])
        self._deepen(target.height, place)
        self._add(target.node, place)

    def _mapping(self, event: Any) -> None:
        self._open(event, MappingNode(start_place(self._source, event)))

    def _sequence(self, event: Any) -> None:
        self._open(event, SequenceNode(start_place(self._source, event)))

    def _open(self, event: Any, node: MappingNode | SequenceNode) -> None:
        self._deepen(1, node.place)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._add(node, node.place)
        self._stack.append(_Open(node, event.anchor, self._count))
        self._count += 1

    def _end(self, event: Any) -> None:
        closed = self._stack.pop()
        parent = self._stack[-1]
        node = closed.node
        assert node is not None
        # The end that the parser gives a block collection is where the next token starts.
        end = closed.end if event.start_mark.index == event.end_mark.index else self._source.at(event.end_mark)
        node.place = (*node.place[:2], *end)
        parent.end = end
        parent.height = max(parent.height, closed.height + 1)
        if closed.anchor:
            self._anchors[closed.anchor] = _Anchored(node, self._count - closed.before, closed.height)

    def _deepen(self, height: int, place: NodeExtent) -> None:
        if len(self._stack) + height > MAX_DEPTH:
            raise self._source.error(f"nested deeper than {MAX_DEPTH} levels", *place[:2])
        self._stack[-1].height = max(self._stack[-1].height, height + 1)

    def _add(self, node: Node, place: NodeExtent) -> None:
        parent = self._stack[-1]
        parent.end = place[2:]
        if isinstance(parent.node, SequenceNode):
            parent.node.items.append(node)
        elif parent.node is None:
            self.documents.append(node)
        elif parent.key is None:
            parent.key = self._key(parent, node, place)
        else:
            self._pair(parent.node, parent.key, node, place)
            parent.key = None

    def _key(self, parent: _Open, node: Node, place: NodeExtent) -> ScalarNode:
        if not isinstance(node, ScalarNode):
            raise self._source.error("a key must be a scalar (is a template's {{ }} unquoted here?)", *place[:2])
        if node.text in parent.seen and not self._duplicate_keys and node.text != "<<":
            raise self._source.error(f"duplicate key {node.text!r}", *place[:2])
        parent.seen.add(node.text)
        return node

    def _pair(self, mapping: MappingNode, key: ScalarNode, node: Node, place: NodeExtent) -> None:
        mapping.pairs.append((key, node))
        if key.text == "<<" and is_merge(key):
            merged = node.items if isinstance(node, SequenceNode) else [node]
            if not all(isinstance(each, MappingNode) for each in merged):
                raise self._source.error("a merge key (<<) needs a mapping or a list of mappings", *place[:2])
            mapping.merges = True
