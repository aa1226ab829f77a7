"""Writes suppression comments into authored files, on request: one line changes, and the meaning of the file does not."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath

from msgspec import Struct

from agentslint.errors import UsageError
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.suppress.comments import comments, is_only_comment
from agentslint.suppress.directive import read_date, read_directive
from agentslint.suppress.extent import last_line
from agentslint.suppress.inline_patches import meaning
from agentslint.yamlread import YamlError

_YAML = (".yaml", ".yml")
_ELSEWHERE = "use [[ignore]] in the configuration"


class Acceptance(Struct, frozen=True):
    """Why findings are accepted, and the last day on which they are (None: no end)."""

    reason: str
    until: str | None = None
    whole_texts: bool = False
    """Whether a comment may stand above the entry that holds a text (`values: |`): it covers all that stands in it."""

    def checked(self, today: datetime.date) -> Acceptance:
        """Return the same on one line; raises UsageError where there is no reason, or no such day ahead."""
        reason = " ".join(self.reason.split())
        if not reason:
            raise UsageError("--reason must say why")
        if read_directive(f"ignore[any] {reason}").reason != reason:
            raise UsageError("--reason may not begin with ignore[...]; rules and days have options of their own")
        if self.until is not None:
            last = read_date(self.until)
            if last is None or last < today:
                raise UsageError(f"--until: {self.until!r} {'has passed' if last else 'is not a date (YYYY-MM-DD)'}")
        return Acceptance(reason, self.until)

    def words(self, rules: Sequence[str]) -> str:
        """Return the text of the comment."""
        return f"agentslint: ignore[{', '.join(rules)}]{self._until} {self.reason}"

    @property
    def _until(self) -> str:
        return "" if self.until is None else f" ignore-until[{self.until}]"


def with_comments(
    text: str, path: str, wanted: Mapping[int, Collection[str]], acceptance: Acceptance, *, template: bool = False
) -> tuple[str, dict[int, str]]:
    """Return the text of a file (a chart's template, if so) with a comment for each line and its rules, and why a line has none.

    A line stays as it is where all of its rules are suppressed already.
    """
    refused: dict[int, str] = {}
    for line, rules in sorted(wanted.items(), reverse=True):
        try:
            text = _with_comment(text, path, line, rules, acceptance, template)
        except UsageError as error:
            refused[line] = str(error)
    return text, refused


def _with_comment(text: str, path: str, line: int, rules: Collection[str], acceptance: Acceptance, template: bool) -> str:
    """On the line or, where that cannot be, above it, or above the entry whose text goes on there."""
    _check(path, text.split("\n"), line)
    left = sorted(set(rules) - _suppressed(text, path, line, template))
    if not left:
        return text
    for changed, at in _variants(text, path, line, acceptance, left, template):
        if set(left) <= _suppressed(changed, path, at, template):
            return changed
    raise UsageError(f"a comment there would change what the file means; {_ELSEWHERE}")


def _check(path: str, lines: Sequence[str], line: int) -> None:
    name = PurePosixPath(path)
    if not (name.suffix in (*_YAML, ".tpl") or name.name in KUSTOMIZATION_FILES):
        raise UsageError(f"comments are read in YAML files and in charts' templates only; {_ELSEWHERE}")
    last = len(lines) if lines[-1] else len(lines) - 1
    if not 0 < line <= last:
        raise UsageError(f"the file has {last} line{'' if last == 1 else 's'}")
    if not lines[line - 1].strip() or is_only_comment(lines[line - 1]):
        raise UsageError("that line has no value that a finding could be about")


def _suppressed(text: str, path: str, line: int, template: bool) -> set[str]:
    """The rules for which a valid comment covers a line."""
    said = [comment.directive for comment in comments(text, path, template=template) if comment.covers(line, line)]
    today = datetime.date.today()
    return {rule for each in said if not each.problem and not (each.until and each.until < today) for rule in each.rules}


def _variants(text: str, path: str, line: int, acceptance: Acceptance, rules: Sequence[str], template: bool) -> Iterator[tuple[str, int]]:
    """Yield the file with the comment, if it still means the same, and the line that the comment covers."""
    words = acceptance.words(rules)
    if template:
        yield from _in_template(text, line, words)
        return
    try:
        before = meaning(text, path)
    except YamlError as error:
        raise UsageError(f"this is not valid YAML ({error.message}); {_ELSEWHERE}") from None
    yield from _same(before, path, [(_behind(text, line, f"  # {words}"), line), (_above(text, line, f"# {words}"), line + 1)])
    for begins in islice(_begins(text.split("\n"), line), None if acceptance.whole_texts else 1):
        yield from _same(before, path, [(_above(text, begins, f"# {words}"), line + 1)])


def _same(before: str, path: str, variants: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    return ((changed, at) for changed, at in variants if _means(changed, path) == before)


def _begins(lines: Sequence[str], line: int) -> Iterator[int]:
    """The lines of the entries and items that reach down to a line and begin above it, the nearest first.

    In a text that is YAML itself they are lines of the text, up to the entry that holds it.
    """
    above = (number for number in range(line - 1, 0, -1) if lines[number - 1].strip() and not is_only_comment(lines[number - 1]))
    return (number for number in above if last_line(lines, number, {}, template=False) >= line)


def _means(text: str, path: str) -> str | None:
    try:
        return meaning(text, path)
    except YamlError:
        return None


def _in_template(text: str, line: int, words: str) -> Iterator[tuple[str, int]]:
    """A template comment that takes the blanks before it away renders to nothing, wherever text stands.

    Where the line ends in an action that takes the line's end away, so does the comment.
    """
    lines = text.split("\n")
    written = lines[line - 1].rstrip()
    through = "\n".join([*lines[: line - 1], written])
    if "*/" in words or "}}" in words:
        raise UsageError("--reason may not hold */ or }} where it is written into a template")
    if through.rfind("{{") <= through.rfind("}}"):
        end = "*/ -}}" if written.endswith("-}}") else "*/}}"
        yield _behind(text, line, f" {{{{- /* {words} {end}"), line


def _behind(text: str, line: int, comment: str) -> str:
    """The line's ending, a CR for instance, stays behind the comment."""
    lines = text.split("\n")
    written = lines[line - 1].rstrip()
    return "\n".join([*lines[: line - 1], f"{written}{comment}{lines[line - 1][len(written) :]}", *lines[line:]])


def _above(text: str, line: int, comment: str) -> str:
    lines = text.split("\n")
    below = lines[line - 1]
    indent = below[: len(below) - len(below.lstrip(" "))]
    end = "\r" if below.endswith("\r") else ""
    return "\n".join([*lines[: line - 1], f"{indent}{comment}{end}", *lines[line - 1 :]])
