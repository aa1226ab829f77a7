"""How far what begins on a line reaches: an item of a list, an entry of a mapping, a block of a template.

Told by indentation, as YAML tells it, so that it holds in templates and in patches that are written as text, too. Within brackets
indentation means nothing: there the parser's own places count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agentslint.yamlread import MappingNode, Node, ScalarNode, SequenceNode, YamlError, compose

_ITEM = re.compile(r"-(?:\s|$)")
_OPEN_KEY = re.compile(r""".*:(?:\s+[&!][^\s]*)*\s*(?:\s#.*)?$""")
_ACTION = re.compile(r"\{\{.*\}\}$")
_BEGINS = re.compile(r"\{\{-?\s*(?:if|range|with|define|block)\b")
_ENDS = re.compile(r"\{\{-?\s*end\b")
_COMMENT = re.compile(r"#|\{\{-?\s*/\*")


def last_line(lines: Sequence[str], first: int, brackets: Mapping[tuple[int, int], int], *, template: bool) -> int:
    """Return the last line of what begins on the line `first`; `brackets` are of the same file, in a template its `actions`."""
    text = lines[first - 1] if first <= len(lines) else ""
    bare = text.strip()
    if not bare:
        return first
    column = len(text) - len(text.lstrip())
    if template and _BEGINS.match(bare):
        return brackets.get((first, column + 1), first)
    return max(_end_by_indentation(lines, first, column, template), brackets.get((first, column + 1), first))


def brackets(text: str) -> dict[tuple[int, int], int]:
    """Return where each item and each entry begins whose value stands in brackets or quotes, and the line on which it ends."""
    try:
        documents = compose(text, duplicate_keys=True)
    except YamlError:
        return {}
    found: dict[tuple[int, int], int] = {}
    lines = text.split("\n")
    for document in documents:
        for begin, node in _begun(document, set()):
            if _is_bracketed(node, lines):
                found[begin] = max(found.get(begin, 0), node.place[2])
    return found


def actions(lines: Sequence[str]) -> dict[tuple[int, int], int]:
    """Return where each line begins that opens an `if`, a `range` or a `with`, and the line of the `end` that belongs to it."""
    found: dict[tuple[int, int], int] = {}
    depth = 0
    open_ones: list[tuple[int, tuple[int, int]]] = []
    for number, text in enumerate(lines, 1):
        bare = text.lstrip()
        if _BEGINS.match(bare):
            open_ones.append((depth, (number, len(text) - len(bare) + 1)))
        depth += len(_BEGINS.findall(text)) - len(_ENDS.findall(text))
        while open_ones and open_ones[-1][0] >= depth:
            found[open_ones.pop()[1]] = number
    return found


def _end_by_indentation(lines: Sequence[str], first: int, column: int, template: bool) -> int:
    """An item or an entry ends before the next line that is indented no more; a list may stand right below its key."""
    bare = lines[first - 1].strip()
    holds_items = not _ITEM.match(bare) and _OPEN_KEY.match(bare)
    last = first
    for number, text in enumerate(lines[first:], first + 1):
        below = text.strip()
        if not below or _COMMENT.match(below) or (template and _ACTION.match(below)):
            continue
        depth = len(text) - len(text.lstrip())
        if depth < column or (depth == column and not (holds_items and _ITEM.match(below))):
            break
        last = number
    return last


def _begun(node: Node, seen: set[int]) -> Iterator[tuple[tuple[int, int], Node]]:
    """Every value with the place where its item or its entry begins; what an alias stands for is where its anchor is."""
    if id(node) in seen or isinstance(node, ScalarNode):
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        for key, value in node.pairs:
            quote = key.style in ("single", "double")
            yield (key.place[0], key.place[1] - quote), value
            yield from _begun(value, seen)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield item.place[:2], item
            yield from _begun(item, seen)


def _is_bracketed(node: Node, lines: Sequence[str]) -> bool:
    if isinstance(node, ScalarNode):
        return node.style in ("single", "double", "plain")
    return lines[node.place[0] - 1][node.place[1] - 1 : node.place[1]] in ("{", "[")
