"""The parts of a YAML document, each with its place in the file."""

from __future__ import annotations

from agentslint.errors import AgentslintError
from agentslint.places import Region

NodeExtent = tuple[int, int, int, int]
"""Start line, start column, end line, end column as in `Region`, without the cost of one for every node."""

ONE_LINE = ("plain", "single", "double")
"""Styles of scalars whose text stands on one line, if it is short; blocks begin on the line behind their `|` or `>`."""
BLOCKS = ("literal", "folded")


class YamlError(AgentslintError):
    """A file that is no readable YAML; `line` and `column` are 1-based and say where."""

    def __init__(self, message: str, line: int, column: int, path: str = "") -> None:
        super().__init__(message, line, column, path)
        self.message = message
        self.line = line
        self.column = column
        self.path = path

    def __str__(self) -> str:
        return f"{self.path or 'YAML'}:{self.line}:{self.column}: {self.message}"


class _Placed:
    """The common part of all nodes."""

    __slots__ = ("place",)

    place: NodeExtent

    @property
    def region(self) -> Region:
        """The node's place in its file."""
        return Region(*self.place)


class ScalarNode(_Placed):
    """A text as the parser read it; `style` is how it was written, `tag` the explicit tag or None.

    The region of a quoted scalar on one line is that of the text inside of the quotes.
    """

    __slots__ = ("style", "tag", "text")

    def __init__(self, text: str, style: str, tag: str | None, place: NodeExtent) -> None:
        self.text = text
        self.style = style
        self.tag = tag
        self.place = place

    def __repr__(self) -> str:
        return f"<{self.style} scalar {self.text!r}>"


class SequenceNode(_Placed):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, place: NodeExtent) -> None:
        self.items: list[Node] = []
        self.place = place


class MappingNode(_Placed):
    """Keys and values as written, duplicates included; `merges` tells whether a `<<` is among the keys."""

    __slots__ = ("merges", "pairs")

    def __init__(self, place: NodeExtent) -> None:
        self.pairs: list[tuple[ScalarNode, Node]] = []
        self.merges = False
        self.place = place


Node = ScalarNode | SequenceNode | MappingNode


def is_merge(key: ScalarNode) -> bool:
    """Tell whether a key is the merge key: a plain `<<`, or one with a tag that says so, as go-yaml has it."""
    return key.text == "<<" and (key.style == "plain" if key.tag is None else key.tag in ("!", "tag:yaml.org,2002:merge"))
