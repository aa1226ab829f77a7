"""The values that a chart's schema (`values.schema.json`) refuses, as helm names them.

From 3.18 on: `- at '/workers/0/size': got string, want integer`, `- at '': additional properties 'replcas' not allowed`. Before:
`- workers.0.size: Invalid type. Expected: integer, given: string`, `- (root): Additional property replcas is not allowed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentslint import files
from agentslint.authorship.embedded import inner_scalars
from agentslint.model import Location, Pointer, Target
from agentslint.yamlread import Scalar

_AT = re.compile(r"(?:^|\n)[ \t]*- at '((?:/[^'\n]{0,1000})?)': ([^\n]{0,1000})")
_OLD = re.compile(r"(?:^|\n)[ \t]*- ((?:\(root\)|[\w-]{1,200})(?:\.[\w-]{1,200}){0,50}): ([^\n]{0,1000})")
_SAID = "in the following chart(s):"
_UNKNOWN = re.compile(r"additional propert(?:y|ies) '([^']{1,200})'|Additional property (\S{1,200}) is not allowed")


def refused(text: str) -> Iterator[Pointer]:
    """Yield the ways to the refused values in the values of a chart, in the order of the message; "()" is all of them."""
    if _SAID not in text:
        return
    for match in (*_AT.finditer(text), *_OLD.finditer(text)):
        way, said = match.groups()
        names = way[1:].split("/") if match.re is _AT else way.removeprefix("(root)").split(".")
        steps: Pointer = tuple(int(name) if name.isdigit() else name for name in names if name)
        unknown = _UNKNOWN.search(said)
        yield (*steps, unknown[1] or unknown[2]) if unknown else steps


def in_text_of_values(target: Target, path: str, outer: Scalar, pointer: Pointer) -> Location | None:
    """Return where a value, or the first one in it, stands in a text that holds values as YAML (`values: |`)."""
    lines = files.text_in(target.root, path).split("\n")
    inner = (scalar for _, found in inner_scalars(outer, lines) for scalar in found)
    return next((Location(path, scalar.region) for scalar in inner if scalar.pointer[: len(pointer)] == pointer), None)
