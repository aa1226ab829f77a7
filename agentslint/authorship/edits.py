"""Edits of files: values of a YAML file, or the text of scalars in any file; nothing else changes.

What is not changed keeps its text and its quotes, which decide what Go reads. Nodes are copied on the way to a change and never
changed themselves: an alias elsewhere keeps its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import yaml

from agentslint.model import Pointer, Region

_TAG = "tag:yaml.org,2002:"
NodePairs = list[tuple[Any, Any]]
_MARK = b"\xef\xbb\xbf"

_START = re.compile(r"^--- (?=[{\[])", re.MULTILINE)


def read(data: bytes) -> list[Any]:
    """Return the root nodes of a file's documents; raises yaml.YAMLError."""
    return [node for node in yaml.compose_all(data, Loader=_loader()) if node is not None]


def write(nodes: list[Any]) -> bytes:
    """Return the documents as YAML; helm 4 refuses a mapping on the line of its `---`."""
    text: str = yaml.serialize_all(nodes, Dumper=_dumper(), allow_unicode=True, width=1 << 20, explicit_start=True)
    return _START.sub("---\n", text).encode()


def with_value(node: Any, pointer: Pointer, value: Any) -> Any:
    """Return a node like `node` that holds `value` at `pointer`; mappings that are missing on the way are made."""
    if not pointer:
        return _fresh(value)
    step = pointer[0]
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        items = [with_value(item, pointer[1:], value) if number == step else item for number, item in enumerate(node.value)]
        return yaml.SequenceNode(node.tag, items, flow_style=node.flow_style)
    pairs = _pairs(node)
    changed = with_value(_last(pairs, step), pointer[1:], value)
    kept = _without_key(pairs, step)
    return _mapping(node, [*kept, (_fresh(str(step)), changed)])


def without(node: Any, pointer: Pointer) -> Any:
    """Return a node like `node` that holds nothing at `pointer`; `node` itself where there was nothing."""
    step, rest = pointer[0], pointer[1:]
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and rest:
        items = [without(item, rest) if number == step else item for number, item in enumerate(node.value)]
        return yaml.SequenceNode(node.tag, items, flow_style=node.flow_style)
    pairs = _pairs(node)
    inner = _last(pairs, step)
    if inner is None:
        return node
    kept = _without_key(pairs, step)
    return _mapping(node, [*kept, (_fresh(str(step)), without(inner, rest))] if rest else kept)


def _mapping(like: Any, pairs: NodePairs) -> Any:
    flow = like.flow_style if isinstance(like, yaml.MappingNode) and pairs else not pairs
    return yaml.MappingNode(f"{_TAG}map", pairs, flow_style=flow)


def _pairs(node: Any) -> NodePairs:
    """Keys and values, with what merge keys bring in written out."""
    if not isinstance(node, yaml.MappingNode):
        return []
    own = [(key, item) for key, item in node.value if key.tag != f"{_TAG}merge"]
    names = {key.value for key, _ in own}
    merged: NodePairs = []
    for key, item in _merged(node):
        if key.value not in names:
            names.add(key.value)
            merged.append((key, item))
    return [*merged, *own]


def _merged(node: Any) -> Iterator[tuple[Any, Any]]:
    for key, item in node.value:
        if key.tag == f"{_TAG}merge":
            for source in item.value if isinstance(item, yaml.SequenceNode) else [item]:
                yield from _pairs(source)


def _last(pairs: NodePairs, step: str | int) -> Any:
    """Of a key that is written twice the last one counts."""
    return next((item for key, item in reversed(pairs) if key.value == str(step)), None)


def _without_key(pairs: NodePairs, step: str | int) -> NodePairs:
    return [(key, item) for key, item in pairs if key.value != str(step)]


def _fresh(value: Any) -> Any:
    match value:
        case None:
            return yaml.ScalarNode(f"{_TAG}null", "null")
        case bool():
            return yaml.ScalarNode(f"{_TAG}bool", "true" if value else "false")
        case int():
            return yaml.ScalarNode(f"{_TAG}int", str(value))
        case float():
            return yaml.ScalarNode(f"{_TAG}float", repr(value))
        case dict():
            return yaml.MappingNode(f"{_TAG}map", [(_fresh(key), _fresh(item)) for key, item in value.items()], flow_style=True)
        case list() | tuple():
            return yaml.SequenceNode(f"{_TAG}seq", [_fresh(item) for item in value], flow_style=True)
        case _:
            return yaml.ScalarNode(f"{_TAG}str", str(value), style='"')


@cache
def _loader() -> Any:
    """PyYAML's C loader, or its Python one where the C part was not built."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _dumper() -> Any:
    return getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def edited(data: bytes, changes: Iterable[tuple[Region, str]]) -> bytes:
    """Return `data` with each region's text replaced; of regions that overlap the first one is. Each stands on one line.

    Lines end with LF or CRLF; bytes that are no UTF-8, a byte order mark and line ends stay as they are.
    """
    mark = _MARK if data.startswith(_MARK) else b""
    lines = data[len(mark) :].decode("utf-8", "surrogateescape").split("\n")
    for region, text in reversed(_apart(changes)):
        line = lines[region.start_line - 1]
        lines[region.start_line - 1] = line[: region.start_column - 1] + text + line[region.end_column - 1 :]
    return mark + "\n".join(lines).encode("utf-8", "surrogateescape")


def _apart(changes: Iterable[tuple[Region, str]]) -> list[tuple[Region, str]]:
    """The changes in the order of the file, without those that reach into the one before."""
    kept: list[tuple[Region, str]] = []
    for region, text in sorted(set(changes), key=lambda change: (change[0].start_line, change[0].start_column, -change[0].end_column)):
        before = kept[-1][0] if kept else None
        if before is None or (before.end_line, before.end_column) <= (region.start_line, region.start_column):
            kept.append((region, text))
    return kept
