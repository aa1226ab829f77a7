"""The suppression comments in all files that the rendered targets read, as entries."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from agentslint import files
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Finding, Location, Result, TargetKind
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.suppress.comments import MARK, Comment, comments, is_template
from agentslint.suppress.coverage import Coverage
from agentslint.suppress.suppression import SuppressionEntry

_SUFFIXES = (".yaml", ".yml", ".tpl", ".env")


Spent = Callable[[str, str, str], bool]
"""Tells of a rule, a file and a comment in it whether that is of no use for the rule any more."""

Counts = Callable[[Result, str, Location, str], bool]
"""Tells of a result, a rule, the place of a comment that covers it and the text of its file whether the comment counts in this run."""


def commented(
    root: Path,
    rendered: Collection[RenderedTarget],
    seen: Coverage,
    known: Collection[str],
    suppression_rules: Collection[str],
    spent: Spent,
    counts: Counts | None = None,
    beside: Collection[str] = (),
) -> Iterator[SuppressionEntry]:
    """Yield an entry for each rule of each comment. `known` are all rules there are, `suppression_rules` those that judge suppressions.

    Comments count in files that no target reads, too, if they are named `beside`.
    """
    for path, text in _texts(root, rendered, beside):
        lines = text.split("\n")
        for comment in comments(text, path, template=is_template(root / path)):
            for rule in comment.directive.rules or ("",):
                problem = comment.directive.problem or _unknown(rule, known, suppression_rules)
                written = lines[comment.region.start_line - 1][comment.region.start_column - 1 :].strip()
                entry = _entry(path, comment, rule, problem, seen, partial(spent, rule, path, written))
                yield _of_policy(entry, counts, text) if counts else entry


def _of_policy(entry: SuppressionEntry, counts: Counts, text: str) -> SuppressionEntry:
    """The entry where not every comment counts; one that does not count all the same has something to cover, so it is not stale."""
    refused: list[Result] = []

    def covers(result: Result, finding: Finding) -> bool:
        if not entry.covers(result, finding):
            return False
        counted = counts(result, entry.rule, entry.location, text)
        refused.extend([] if counted else [result])
        return counted

    return replace(entry, covers=covers, judged=lambda: not refused and entry.judged())


def _entry(path: str, comment: Comment, rule: str, problem: str, seen: Coverage, spent: Callable[[], bool]) -> SuppressionEntry:
    said = comment.directive

    def covers(result: Result, _: Finding) -> bool:
        region = result.location.region
        here = result.rule_id == rule and comment.covers(region.start_line, region.end_line)
        return here and not spent()

    def judged() -> bool:
        return seen.traced and rule in seen.rules and seen.covers_all(lambda target: target.closure.reads(path))

    place = Location(path, comment.region, "", ("comment", rule, said.reason))
    return SuppressionEntry(rule, said.reason, place, "inSource", covers, judged, said.until, problem, path)


def _unknown(rule: str, known: Collection[str], suppression_rules: Collection[str]) -> str:
    if rule in suppression_rules:
        return "names the rule that checks suppressions: remove the stale entry instead"
    if rule in known:
        return ""
    close = difflib.get_close_matches(rule, known, 1, 0.5)
    return f"names {rule!r}, and there is no such rule" + (f" (did you mean {close[0]}?)" if close else "")


def _texts(root: Path, rendered: Collection[RenderedTarget], beside: Collection[str]) -> Iterator[tuple[str, str]]:
    """The files (and streams) that hold a comment of ours; one that cannot be read holds none."""
    mark = MARK.encode()
    for path in sorted(_files(root, rendered).union(beside)):
        try:
            data = files.read_in(root, path)
        except OSError:
            continue
        if mark in data:
            yield path, data.decode("utf-8-sig", "replace")
    for target in rendered:
        if target.target.kind is TargetKind.STREAM and target.rendering and mark in target.rendering.stream:
            yield target.target.file, target.rendering.stream.decode("utf-8-sig", "replace")


def _files(root: Path, rendered: Iterable[RenderedTarget]) -> set[str]:
    closures = [target.target.closure for target in rendered if target.target.kind is not TargetKind.STREAM]
    folders = {folder for closure in closures for folder in closure.folders}
    listed = {path for closure in closures for path in closure.files}
    inside = {path.relative_to(root).as_posix() for folder in folders for path in (root / folder).rglob("*") if path.suffix in _SUFFIXES}
    return {path for path in listed | inside if path.endswith((*_SUFFIXES, *KUSTOMIZATION_FILES))}
