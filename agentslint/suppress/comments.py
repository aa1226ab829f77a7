"""Suppression comments in authored files: `# agentslint: ignore[rule-id] reason`.

    tag: v1.4.2  # agentslint: ignore[require-digest] the vendor publishes no digest
    # agentslint: ignore[require-digest] ignore-until[2027-01-31] until the mirror is up
    tag: v1.4.2
    # agentslint: ignore-file[mutable-tag] a sandbox

A comment behind a value covers its line; one above covers all that begins there: an item of a list, an entry, a block. So does one
behind the dash of an item.

They can stand there because results are located where people write; kustomize drops comments, so nothing of them is rendered. In a
chart's template they may be template comments: `{{/* agentslint: ignore[...] reason */}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from agentslint.model import Region
from agentslint.suppress.directive import Directive, read_directive
from agentslint.suppress.extent import actions, brackets, last_line
from agentslint.suppress.text_spans import TextSpan, is_quoted, texts

MARK = "agentslint:"
_START = re.compile(r"(?:^|(?<=\s))(?:#|(\{\{-?\s*/\*))\s*agentslint:\s*(?=ignore(?![a-z]))")
_DASH = re.compile(r"\s*(?:-\s+)+")
_ONLY_COMMENT = re.compile(r"\s*(?:#.*|\{\{-?\s*/\*(?:(?!\*/).)*(?:\*/\s*-?\}\}\s*)?)$")


class Comment(Struct, frozen=True):
    """One suppression comment: its place, the first and last line that it covers (None for the whole file), and its contents."""

    region: Region
    lines: tuple[int, int] | None
    directive: Directive

    def covers(self, first: int, last: int) -> bool:
        """Tell whether it covers one of some lines."""
        return self.lines is None or (self.lines[0] <= last and first <= self.lines[1])


def comments(text: str, path: str, *, template: bool = False) -> list[Comment]:
    """Return the suppression comments of a file (a chart's template, if so), in order."""
    return list(_comments(text, path, template)) if MARK in text else []


def is_template(path: Path) -> bool:
    """Tell whether a file is a template of a chart: below `templates`, beside which is a Chart.yaml (Helm, "Charts")."""
    return any(folder.name == "templates" and (folder.parent / "Chart.yaml").exists() for folder in path.absolute().parents)


def is_only_comment(line: str) -> bool:
    """Tell whether a line holds nothing but a comment."""
    return _ONLY_COMMENT.match(line) is not None


def _comments(text: str, path: str, template: bool) -> Iterator[Comment]:
    lines = [line.rstrip("\r") for line in text.split("\n")]
    spans = texts(text, path)
    spoken_of = _Spoken(lines, text, template)
    for number, line in enumerate(lines, 1):
        starts = [match for match in _START.finditer(line) if _begins(match, spans, number, template)]
        for match, following in zip_longest(starts, starts[1:]):
            said = line[match.start() : following.start() if following else None].rstrip()
            words = said[match.end() - match.start() :]
            directive = read_directive(words.partition("*/")[0] if match.group(1) else words)
            region = Region(number, match.start() + 1, number, match.start() + 1 + len(said))
            yield Comment(region, None if directive.file_location else spoken_of(number, line[: starts[0].start()]), directive)


def _begins(match: re.Match[str], spans: Sequence[TextSpan] | None, line: int, template: bool) -> bool:
    """Whether a comment begins here: helm takes its own out of any text, YAML knows what is text."""
    column = match.start() + 1
    if match.group(1):
        return template
    if spans is None:
        return not is_quoted(match.string, column)
    return not any(span[:2] <= (line, column) < span[2:] for span in spans)


class _Spoken:
    """Tells which lines of a file the comment on a line covers."""

    def __init__(self, lines: Sequence[str], text: str, template: bool) -> None:
        self._lines = lines
        self._text = text
        self._template = template
        self._lasts: dict[int, int] = {}

    def __call__(self, number: int, before: str) -> tuple[int, int]:
        """A comment behind a value or a key covers its own line, and one behind a dash (`before` it on its line) the item.

        A comment alone covers what begins on the next line that is no comment.
        """
        is_alone = is_only_comment(self._lines[number - 1])
        if not is_alone and not _DASH.fullmatch(before):
            return number, number
        below = self._below[number - 1] if is_alone else number
        if below not in self._lasts:
            self._lasts[below] = last_line(self._lines, below, self._brackets, template=self._template)
        return below, self._lasts[below]

    @cached_property
    def _below(self) -> Sequence[int]:
        """For each line the next one, or itself, that is no comment: found from the end, since a file may have nothing but comments."""
        found = []
        following = len(self._lines) + 1
        for number in range(len(self._lines), 0, -1):
            following = following if is_only_comment(self._lines[number - 1]) else number
            found.append(following)
        return found[::-1]

    @cached_property
    def _brackets(self) -> Mapping[tuple[int, int], int]:
        return actions(self._lines) if self._template else brackets(self._text)
