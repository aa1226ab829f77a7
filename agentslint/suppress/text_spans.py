"""The parts of a file that are text: a `#` in them begins no comment."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.suppress.inline_patches import inline_patches, inline_values
from agentslint.yamlread import BLOCKS, MappingNode, Node, ScalarNode, YamlError, compose

TextSpan = tuple[int, int, int, int]
"""From a line and column up to, and without, another one."""

_OPENS_BEHIND = " \t([{,:=|"


def texts(text: str, path: str) -> list[TextSpan] | None:
    """Return where the quoted and block scalars of a YAML file are; None where it is none (a chart's template).

    A patch in a kustomization, and values in an Application, are YAML themselves: the quoted texts in it count, not the whole.
    """
    try:
        documents = compose(text, path, duplicate_keys=True)
    except YamlError:
        return None
    lines = text.split("\n")
    inner = (node for document in documents for node in (*inline_patches(document, path), *inline_values(document)))
    patches = {id(node) for node in inner}
    return [span for document in documents for span in _spans(document, patches, lines)]


def is_quoted(line: str, column: int) -> bool:
    """Tell whether a column of a template's line is within quotes, as far as the line alone tells."""
    quote = ""
    for before, character in zip(f" {line}", line[: column - 1], strict=False):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and before in _OPENS_BEHIND:
            quote = character
    return bool(quote)


def _spans(root: Node, patches: set[int], lines: list[str]) -> Iterator[TextSpan]:
    for node in _scalars(root):
        if node.style in ("single", "double"):
            yield node.place
        elif node.style in BLOCKS:
            first, _, last, _ = node.place
            inner = _inside(node, lines) if id(node) in patches else None
            yield from [(first + 1, 1, last + 1, 1)] if inner is None else inner


def _scalars(root: Node) -> Iterator[ScalarNode]:
    """Every scalar once, keys included; what an alias stands for is where its anchor is."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            yield node
        elif isinstance(node, MappingNode):
            waiting += [part for pair in node.pairs for part in pair]
        else:
            waiting += node.items


def _inside(patch: ScalarNode, lines: list[str]) -> list[TextSpan] | None:
    """The spans of the YAML that a literal block holds, in lines and columns of the file."""
    above = patch.place[0]
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines[above:] if line.strip()), 0)
    inner = texts(patch.text, "")
    if inner is None:
        return None
    return [(first + above, start + indent, last + above, end + indent) for first, start, last, end in inner]
