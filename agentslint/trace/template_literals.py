"""The line of a template that writes a field literally: found by the path of the field in the YAML of the template.

Every action is blotted out first. A place counts only if exactly one node of the template stands at the path and says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.embedded import HIDDEN, without_actions
from agentslint.model import Field, Pointer, Region
from agentslint.yamlread import ONE_LINE, MappingNode, Node, ScalarNode, SequenceNode, YamlError, compose, pairs, text_at, value

TemplateNode = tuple[ScalarNode | None, Node]
"""A node of a template and its key; an item of a list has none."""
_NAMING = ("apiVersion", "kind", "name", "namespace")
"""Keys by which a manifest is found again: their values are not changed."""
_KEPT = 64
"""Templates that are kept in memory."""


def literal_scalar(path: str, lines: Sequence[str], field: Field) -> AuthoredScalar | None:
    """Return the scalar of a template that is a field's value, on one line, where it may be changed to prove that it decides."""
    found = _written_at(lines, field) if path and field.pointer and field.pointer[-1] not in _NAMING else None
    node = found[1] if found else None
    if not isinstance(node, ScalarNode) or node.style not in ONE_LINE or node.region.start_line != node.region.end_line:
        return None
    return AuthoredScalar(path, node.region, node.text, node.style, ("template", *field.pointer), Layer.TEMPLATE)


def literal_region(lines: Sequence[str], field: Field) -> Region | None:
    """Return where a template writes a field: its value; the key of a list, a mapping or a long text, and where the finding is about it.

    None where a key is missing in a mapping that is not empty: the template does not tell then who should add it.
    """
    found = _written_at(lines, field)
    if found is None or (field.missing and _holds_something(found[1])):
        return None
    key, node = found
    if key is not None and (field.at_key or not isinstance(node, ScalarNode) or node.region.start_line != node.region.end_line):
        return key.region
    region = node.region
    if region.start_line == region.end_line:
        return region
    return Region(region.start_line, region.start_column, region.start_line, len(lines[region.start_line - 1].rstrip()) + 1)


def _written_at(lines: Sequence[str], field: Field) -> TemplateNode | None:
    if not field.pointer or not lines:
        return None
    manifest, wanted = field.manifest, field.value
    documents = [node for node in _documents("\n".join(lines)) if text_at(node, ("kind",)) == manifest.kind]
    found = [
        (document, written)
        for document in documents
        for written in _at(document, manifest.body, field.pointer)
        if _says(written[1], wanted) or (field.at_key and written[0] is not None)
    ]
    if len(found) > 1:
        found = [(document, written) for document, written in found if text_at(document, ("metadata", "name")) == manifest.name]
    return found[0][1] if len(found) == 1 else None


@lru_cache(maxsize=_KEPT)
def _documents(template: str) -> tuple[Node, ...]:
    """The documents of a template without its actions; none where what is left is no YAML."""
    lines = ("" if HIDDEN in line and not line.replace(HIDDEN, "").strip() else line for line in without_actions(template).split("\n"))
    try:
        return tuple(compose("\n".join(lines), duplicate_keys=True))
    except YamlError:
        return ()


def _at(node: Node, body: Any, pointer: Pointer, key: ScalarNode | None = None) -> Iterator[TemplateNode]:
    """Yield the nodes at a path."""
    if not pointer:
        yield key, node
        return
    step, rest = pointer[0], pointer[1:]
    if isinstance(node, MappingNode) and isinstance(body, Mapping):
        for name, inner in pairs(node):
            if name.text == step:
                yield from _at(inner, body.get(step), rest, name)
    elif isinstance(node, SequenceNode) and isinstance(body, list) and isinstance(step, int) and step < len(body):
        for item in _items_like(node, body[step]):
            yield from _at(item, body[step], rest)


def _holds_something(node: Node) -> bool:
    return bool(node.items if isinstance(node, SequenceNode) else node.pairs if isinstance(node, MappingNode) else ())


def _items_like(node: SequenceNode, body: Any) -> list[Node]:
    """The items of a list that have the name of a rendered one, else those whose name is not known: actions print some of them."""
    name = body.get("name") if isinstance(body, Mapping) else None
    named = [item for item in node.items if name and text_at(item, ("name",)) == name]
    return named or [item for item in node.items if not (own := text_at(item, ("name",))) or HIDDEN in own]


def _says(node: Node, wanted: Any) -> bool:
    """Tell whether a node is a value: a scalar of the same type, or a mapping or a list, whatever actions print in it."""
    if isinstance(node, ScalarNode):
        said = None if HIDDEN in node.text else value(node)
        return said is not None and type(said) is type(wanted) and said == wanted
    return isinstance(wanted, Mapping if isinstance(node, MappingNode) else list)
