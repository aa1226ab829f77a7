"""Runs the rules about a change: renders the base for them, and reports targets that could not be compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from agentslint.change.change import Change
from agentslint.change.comparison import Comparison, Others
from agentslint.change.target_change import RenderSides, Side, TargetChange
from agentslint.facts.context import Context
from agentslint.git.base_revision import MissingBase
from agentslint.model import Failure, Field, Finding, NotChecked, RenderFailure, TargetKind
from agentslint.render.unread import unread

_UNKNOWN = "the change cannot be determined: at the base"


class ChangeChecker(Protocol):
    """Whoever asks the rules; the engine's checker."""

    context: Context

    def wants(self, kind: str) -> bool:
        """Tell whether manifests of a kind are to be read."""

    @property
    def about_change(self) -> Sequence[str]:
        """The rules that look at a change."""

    def change(self, change: Change) -> Collection[str]:
        """Ask them; returns the files of their findings."""


def check(
    comparison: Comparison | None,
    checker: ChangeChecker,
    known: Mapping[str, Side],
    render: RenderSides,
    others: Others,
) -> tuple[list[str], list[Failure], Change | None]:
    """Run the rules about the change; returns notes, failures, and the change.

    `known` are today's targets by name. Some of the `others`, the targets of the whole repository, may have to be seen beside them.
    """
    rules = ", ".join(checker.about_change)
    if not rules:
        return [], [], None
    found = comparison.compared if comparison else None
    if comparison is None or found is None:
        return [f"skipped {rules}: no base revision (pass --base REV)"], [], None
    if isinstance(found, MissingBase):
        return [], [Failure(f"rules about changes ({rules}) did not run: {found}")], None
    from agentslint.change.unread_files import unread_files

    change = comparison.change(render, known, checker.context, others)
    unread = unread_files(change, checker.change(change))
    summary = f"{_summary(change)}; {unread}" if unread else _summary(change)
    return [*found.notes, summary], [*failures(change, known), *_streams(comparison, rules)], change


def of_today(said: Iterable[Finding | NotChecked], change: Change) -> Iterator[Finding | NotChecked]:
    """Pass findings on; raises ValueError at one that stands in the base's manifests: they are in no file that anybody could open."""
    for each in said:
        finding = each.finding if isinstance(each, NotChecked) else each
        for place in (finding.place, *(related.place for related in finding.related)):
            if isinstance(place, Field) and place.manifest.target.root == change.base_root:
                raise ValueError(f"a finding stands in {place.manifest.resource} of the base: {finding.message}")
        yield each


def failures(change: Change, known: Mapping[str, Side] | None = None) -> Iterator[Failure]:
    """Yield the sides that did not render, or without some file; failures of `known` sides have been reported before."""
    for target in (*change.targets, *change.beside):
        yield from _unread(target, change, known or {})
        if target.base_failure:
            yield Failure(at_base(target.base_failure, change), target.name, details=target.base_failure.details, rendering=True)
        if target.head_failure and target.head_failure.target.name not in (known or {}):
            failure = target.head_failure
            yield Failure(failure.message, target.name, location=failure.location, details=failure.details, rendering=True)
    for failure in change.others_failed:
        yield Failure(failure.message, failure.target.name, location=failure.location, details=failure.details, rendering=True)


def _unread(target: TargetChange, change: Change, known: Mapping[str, Side]) -> Iterator[Failure]:
    base, head = target.base or target.base_failure, target.head or target.head_failure
    if head and head.target.name not in known:
        yield from unread(head.target, head.message if isinstance(head, RenderFailure) else "")
    for failure in unread(base.target, base.message if isinstance(base, RenderFailure) else "") if base else ():
        yield Failure(f"{_UNKNOWN} {change.revision}, {failure.message}", target.name)


def _streams(comparison: Comparison, rules: str) -> Iterator[Failure]:
    """A stream is in no revision; a base that is given with one needs an answer."""
    for target in comparison.head if comparison.request.option is not None else ():
        if target.kind is TargetKind.STREAM:
            message = f"rules about changes ({rules}) did not check {target.name}: a stream has no base; name its files instead"
            yield Failure(message, target.name)


def at_base(failure: RenderFailure, change: Change) -> str:
    """A line of the base is no line of today's file, so it is named in the message instead."""
    where = f"{failure.location.path}:{failure.location.region.start_line}"
    return f"{_UNKNOWN} {change.revision} it does not render: {failure.message} ({where} there)"


def _summary(change: Change) -> str:
    """As `diff` counts them: a target that reads a changed file and renders the same does not differ."""
    differing = [target for target in change.targets if not target.is_same]
    count = len(differing)
    return f"compared with {change.revision}: {count} {'target differs' if count == 1 else 'targets differ'}{_names(differing)}"


def _names(targets: Iterable[TargetChange]) -> str:
    names = [target.name for target in targets]
    return f" ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''})" if names else ""
