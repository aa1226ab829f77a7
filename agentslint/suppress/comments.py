"""Comments beside what a person wrote: `# agentslint: ignore[rule-id] reason`.

    tag: v1.4.2  # agentslint: ignore[require-digest] the vendor publishes no digest
    # agentslint: ignore[require-digest] ignore-until[2027-01-31] until the mirror is up
    tag: v1.4.2
    # agentslint: ignore-file[mutable-tag] a sandbox

They can stand there because results are located where people write; kustomize drops comments, so nothing of them is rendered. In a
chart's template they may be template comments: `{{/* agentslint: ignore[...] reason */}}`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agentslint.facts import RenderedTarget
from agentslint.model import Location, Region, Result
from agentslint.suppress.entries import Entry

_COMMENT = re.compile(
    r"(?:(?:^|\s)#|\{\{-?\s*/\*)\s*agentslint:\s*(?P<what>ignore(?:-file)?)\[(?P<rules>[^\]]*)\]"
    r"(?:\s*ignore-until\[(?P<until>[^\]]*)\])?\s*(?P<reason>.*?)\s*(?:\*/\s*-?\}\}.*)?$"
)
_MARK = b"agentslint:"


@dataclass(frozen=True)
class Comment:
    """One comment: which line it speaks of (None for the whole file), and what it says."""

    path: str
    region: Region
    line: int | None
    rules: tuple[str, ...]
    reason: str
    until: str = ""


def commented(root: Path, rendered: Iterable[RenderedTarget], ran: Collection[str], known: Collection[str]) -> Iterator[Entry]:
    """Yield the entries of all files that the rendered targets read; one is judged if its rule is among those that ran."""
    for path in sorted(_files(root, rendered)):
        for comment in comments(root, path):
            for rule in comment.rules or ("",):
                yield _entry(comment, rule, ran, known)


def comments(root: Path, path: str) -> Iterator[Comment]:
    """Yield the comments of one file; none where it cannot be read."""
    try:
        data = (root / path).read_bytes()
    except OSError:
        return
    if _MARK not in data:
        return
    lines = data.decode("utf-8-sig", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        if match := _COMMENT.search(line):
            yield Comment(
                path,
                Region(number, match.start() + len(match.group()) - len(match.group().lstrip()) + 1, number, len(line.rstrip()) + 1),
                None if match["what"] == "ignore-file" else _spoken_of(lines, number, match.start()),
                tuple(part.strip() for part in match["rules"].split(",") if part.strip()),
                match["reason"],
                match["until"] or "",
            )


def _spoken_of(lines: list[str], number: int, start: int) -> int:
    """A comment behind something speaks of its own line; one alone of the next line that is no comment."""
    if lines[number - 1][:start].strip():
        return number
    following = number + 1
    while following <= len(lines) and lines[following - 1].lstrip().startswith(("#", "{{/*", "{{- /*")):
        following += 1
    return following


def _entry(comment: Comment, rule: str, ran: Collection[str], known: Collection[str]) -> Entry:
    until, problem = None, ""
    if comment.until:
        try:
            until = datetime.date.fromisoformat(comment.until)
        except ValueError:
            problem = f"{comment.until!r} is no date (YYYY-MM-DD)"
    if not rule:
        problem = "names no rule: write ignore[rule-id] and a reason"
    elif rule not in known:
        problem = f"names {rule!r}, and there is no such rule"
    elif not comment.reason:
        problem = "gives no reason"

    def covers(result: Result) -> bool:
        region = result.location.region
        same_line = comment.line is None or region.start_line <= comment.line <= region.end_line
        return result.rule_id == rule and result.location.path == comment.path and same_line

    place = Location(comment.path, comment.region, "", ("comment", rule, comment.reason))
    return Entry(rule, comment.reason, place, "inSource", covers, rule in ran, until, problem)


def _files(root: Path, rendered: Iterable[RenderedTarget]) -> set[str]:
    """The files of all closures; of charts their templates and values."""
    found: set[str] = set()
    for target in rendered:
        closure = target.target.closure
        found.update(closure.files or {target.target.file})
        for folder in closure.folders:
            places = [root / folder, *(root / folder).glob("templates/**/*")]
            found.update(path.relative_to(root).as_posix() for path in places if path.is_file())
            found.update(path.relative_to(root).as_posix() for path in (root / folder).glob("**/values.yaml"))
    return found
