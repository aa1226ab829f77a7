"""The identity of a line that survives a move: the key path of its value.

In files other than YAML (a chart's template, an .env file), and within a block scalar, the keys above identify a line, by indentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agentslint.authorship.documents import Document
from agentslint.model import Region
from agentslint.places import by_name
from agentslint.yamlread import MappingNode, Node, ScalarNode, SequenceNode, YamlError, compose

_YAML = (".yaml", ".yml", ".json", "Kustomization", "kustomization")
_KEY = re.compile(r"\s*((?:- +)*[^:=#\s][^:=#]*)")
_DOCUMENT = re.compile(r"^---(?:\s|$)")
_OWNER = re.compile(r"^(?:kind:|  name:)\s*(\S+)")
Key = tuple[Any, ...]


@dataclass(frozen=True)
class _Part:
    """A key or a value of a document, and where it stands."""

    key: Key
    place: tuple[int, int, int, int]
    is_block: bool = False


class Keyed:
    """The text of one file, with the identity of each line."""

    def __init__(self, text: str, path: str) -> None:
        self._lines = [line.rstrip("\r") for line in text.split("\n")]
        self._parts = list(_parts(text, path)) if path.endswith(_YAML) else []

    def key(self, region: Region) -> Key:
        """Return the identity of a region."""
        place = (region.start_line, region.start_column, region.end_line, region.end_column)
        exact = [part for part in self._parts if part.place == place]
        around = [part for part in self._parts if part.place[:2] <= place[:2] < part.place[2:]]
        part = exact[-1] if exact else max(around, key=lambda each: each.place[:2], default=None)
        if part is None or part.is_block:
            return (*(part.key if part else ()), *self._chains[region.start_line - 1])
        return part.key

    def lines(self, key: Key) -> Iterator[tuple[int, int]]:
        """Yield the first and the last line of each place that has this name."""
        for part in self._parts:
            if part.key == key:
                yield part.place[0], part.place[2]
            elif part.is_block and key[: len(part.key)] == part.key:
                yield from self._alike(key[len(part.key) :], part.place[0], part.place[2])
        if not self._parts:
            yield from self._alike(key, 1, len(self._lines))

    def _alike(self, chain: Key, first: int, last: int) -> Iterator[tuple[int, int]]:
        yield from ((line, line) for line in range(first, last + 1) if self._chains[line - 1] == chain)

    @cached_property
    def _chains(self) -> list[Key]:
        """For each line the keys above it and its own, each of them indented less than the next; before them what the document is."""
        found: list[Key] = []
        owner: list[str] = []
        above: list[tuple[int, str]] = []
        for text in self._lines:
            bare = text.lstrip()
            depth = len(text) - len(bare)
            key = None if bare.startswith(("#", "{{")) else _KEY.match(text)
            if _DOCUMENT.match(text):
                owner, above = [], []
            elif key:
                while above and above[-1][0] >= depth:
                    above.pop()
            found.append(("text", *owner, *(name for _, name in above), key.group(1).strip() if key else ""))
            if key:
                # The first key of a list item identifies it.
                above.append((depth, bare if bare.startswith("- ") else key.group(1).strip()))
            if match := _OWNER.match(text):
                owner.append(match.group(1))
        return found


def _parts(text: str, path: str) -> Iterator[_Part]:
    try:
        documents = compose(text, path, duplicate_keys=True)
    except YamlError:
        return
    seen: dict[Key, int] = {}
    for node in documents:
        document = Document(path, node)
        owner: Key = document.resource
        seen[owner] = seen.get(owner, 0) + 1
        yield from _below(node, document.body, (*owner, seen[owner]), (), set())


def _below(node: Node, body: Any, owner: Key, pointer: Key, known: set[int]) -> Iterator[_Part]:
    """The value of an alias is named at its anchor."""
    if id(node) in known:
        return
    known.add(id(node))
    name = (*owner, *by_name(body, pointer))
    is_block = isinstance(node, ScalarNode) and node.style in ("literal", "folded")
    yield _Part((*name, "value"), node.place, is_block)
    if isinstance(node, MappingNode):
        for key, item in node.pairs:
            yield _Part((*owner, *by_name(body, (*pointer, key.text)), "key"), key.place)
            yield from _below(item, body, owner, (*pointer, key.text), known)
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.items):
            yield from _below(item, body, owner, (*pointer, number), known)
