"""The lines of a chart's template that print an object: its kind stands there in letters, its name perhaps only in part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agentslint.authorship.embedded import letters_printed
from agentslint.model import Region

_KIND = r"""\s*(?:- )?kind:\s*["']?{}["']?\s*"""
_METADATA = re.compile(r"(?P<indent>\s*(?:- )?)metadata:(?P<rest>.*)")
_VALUE = r"""(?P<value>(?:\{\{.*?\}\}|[^\s,{}#])+)"""
_OWN_LINE = re.compile(rf"""\s+(["']?)name\1:\s*{_VALUE}""")
_INLINE = re.compile(rf"""[{{,]\s*(["']?)name\1:\s*{_VALUE}""")
_LONGEST = 1_000
"""Characters of a line that is still searched."""


def object_in_template(lines: Sequence[str], kind: str, name: str) -> Region | None:
    """Return where a template names an object: the name that fits best, else the kind, if the template prints only one of it."""
    kinds = re.compile(_KIND.format(re.escape(kind)))
    found = [part for part in _parts(lines) if any(kinds.fullmatch(lines[number]) for number in part)]
    names = ((letters_printed(value.strip("\"'"), name), region) for part in found for region, value in _names(lines, part))
    named = [(letters, region) for letters, region in names if letters is not None]
    if named:
        return max(named, key=lambda each: each[0])[1]
    at = [number for part in found for number in part if kinds.fullmatch(lines[number])]
    return _line(lines[at[0]], at[0]) if len(at) == 1 else None


def _parts(lines: Sequence[str]) -> Iterator[range]:
    """The documents of a template, as far as its text tells them."""
    starts = [number for number, line in enumerate(lines) if line.startswith("---")]
    yield from (range(start, end) for start, end in zip([0, *starts], [*starts, len(lines)], strict=True) if start < end)


def _names(lines: Sequence[str], part: range) -> Iterator[tuple[Region, str]]:
    """The names in the metadata of a document: on the line of `metadata`, else the first right below it."""
    for number in part:
        start = _METADATA.fullmatch(lines[number]) if len(lines[number]) <= _LONGEST else None
        if start is None:
            continue
        if start["rest"].strip().startswith("{") and not start["rest"].strip().startswith("{{"):
            found = _INLINE.search(lines[number], start.start("rest"))
            where = number
        else:
            where, found = _below(lines, range(number + 1, part.stop), len(start["indent"]))
        if found:
            yield Region(where + 1, found.start("value") + 1, where + 1, found.end("value") + 1), found["value"]


def _below(lines: Sequence[str], part: range, indent: int) -> tuple[int, re.Match[str] | None]:
    """The first `name` among the keys that stand deeper than `indent`, as deep as the first of them."""
    own = None
    for number in part:
        line = lines[number]
        text = line.lstrip()
        if not text or text.startswith(("{{", "#")):
            continue
        deep = len(line) - len(text)
        if deep <= indent:
            break
        own = deep if own is None else own
        if deep == own and len(line) <= _LONGEST and (found := _OWN_LINE.match(line)):
            return number, found
    return 0, None


def _line(text: str, number: int) -> Region:
    start = len(text) - len(text.lstrip()) + 1
    return Region(number + 1, start, number + 1, len(text.rstrip()) + 1)
