"""What a line of a file is about, in words that outlive a moved line: the key path of what stands there.

The names above a part of a YAML document identify it; a line of another text (a chart's template, an .env file, a folded block) by
the keys above it. A name may be that of several places: they are counted by those who ask.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from agentslint.model import Region
from agentslint.suppress.comments import MARK
from agentslint.suppress.named_parts import NamedPart, named_parts
from agentslint.suppress.text_chains import chains, named
from agentslint.yamlread import ScalarNode

_YAML = (".yaml", ".yml", ".json", "Kustomization", "kustomization")


class Keyed:
    """The text of one file, asked what stands where."""

    def __init__(self, text: str, path: str) -> None:
        self._lines = [line.rstrip("\r") for line in text.split("\n")]
        self._parts = list(named_parts(text)) if path.endswith(_YAML) else []
        self._ranks: dict[bytes, dict[int, tuple[str, int]]] = {}

    def at(self, region: Region) -> NamedPart:
        """Return what a region is about; where that is no scalar, it is the line on which the region begins."""
        place = (region.start_line, region.start_column, region.end_line, region.end_column)
        part = self._exact.get(place) or self._innermost(place[:2])
        if part is not None and (part.place == place or (isinstance(part.node, ScalarNode) and not part.is_text)):
            return part
        return self._by_line[min(region.start_line, len(self._lines)) - 1]

    def named(self, key: bytes) -> Sequence[NamedPart]:
        """Return all that has a name, in order."""
        return self._named.get(key, ())

    def text(self, part: NamedPart) -> str:
        """Return what a part says, without a suppression comment."""
        if isinstance(part.node, ScalarNode):
            return part.node.text
        return "\n".join(_without_comment(line) for line in self._lines[part.place[0] - 1 : part.place[2]])

    def rank(self, part: NamedPart) -> tuple[str, int]:
        """Return what a part says, and how many before it have the same name and say the same."""
        if part.key not in self._ranks:
            seen: Counter[str] = Counter()
            ranks = self._ranks[part.key] = {}
            for each in self.named(part.key):
                said = self.text(each)
                ranks[id(each)] = said, seen[said]
                seen[said] += 1
        return self._ranks[part.key][id(part)]

    def held(self, part: NamedPart) -> Counter[bytes]:
        """Count what stands within one scalar or one line: the keys of a patch in quotes, the lines of a script, or words."""
        if part.node is not None and not isinstance(part.node, ScalarNode):
            return Counter()
        text = self.text(part)
        inner = list(named_parts(text)) if part.node is not None else []
        if any(not isinstance(each.node, ScalarNode) for each in inner):
            return Counter(each.key for each in inner)
        if "\n" in text.strip():
            return Counter(chains(text.split("\n")))
        return Counter({b"words": len(text.replace(",", " ").replace(";", " ").split())})

    @cached_property
    def _exact(self) -> Mapping[tuple[int, int, int, int], NamedPart]:
        return {part.place: part for part in self._parts}

    @cached_property
    def _ordered(self) -> tuple[Sequence[tuple[int, int]], Sequence[NamedPart]]:
        parts = sorted(self._parts, key=lambda part: part.place[:2])
        return [part.place[:2] for part in parts], parts

    def _innermost(self, at: tuple[int, int]) -> NamedPart | None:
        starts, parts = self._ordered
        before = bisect_right(starts, at)
        part = parts[before - 1] if before else None
        while part is not None and part.place[2:] <= at:
            part = part.around
        return part

    @cached_property
    def _by_line(self) -> Sequence[NamedPart]:
        """Each line as a part of its own; one of a block scalar is named by that, too."""
        texts = {number: part for part in self._parts if part.is_text for number in range(part.place[0] + 1, part.place[2] + 1)}
        found = []
        for number, (line, chain) in enumerate(zip(self._lines, chains(self._lines), strict=True), 1):
            around = texts.get(number)
            found.append(NamedPart(named(around.key if around else b"", chain), (number, 1, number, len(line) + 1)))
        return found

    @cached_property
    def _named(self) -> Mapping[bytes, Sequence[NamedPart]]:
        found: dict[bytes, list[NamedPart]] = defaultdict(list)
        for part in (*self._ordered[1], *self._by_line):
            found[part.key].append(part)
        return found


def _without_comment(line: str) -> str:
    """A comment is taken away where nothing stands behind it: helm reads on after a comment of its own, and in those of YAML."""
    before, mark, said = line.partition(MARK)
    behind = said.rpartition("*/")[2].strip(" -}") if "*/" in said else ""
    return line.strip() if not mark or behind or "{{" in said else before.strip().rstrip(" \t#{-/*")
