"""The pipeline of a run, from paths to a report. Read it first; data goes one way."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import partial

from agentslint.authorship.lines import target_failure
from agentslint.change import Change
from agentslint.change.target_change import Side
from agentslint.engine.about_generated import about_generated
from agentslint.engine.below import BelowFailures
from agentslint.engine.change_rules import check as check_change
from agentslint.engine.checker import Checked, Checker
from agentslint.engine.deployed import Deployed
from agentslint.engine.filled_in import filled_in
from agentslint.engine.judged import by_policy, counted, ending
from agentslint.engine.results import results as folded
from agentslint.engine.results import unchecked
from agentslint.engine.scenarios_not_run import scenarios_not_run
from agentslint.engine.schema_paths import unread_schemas
from agentslint.engine.session import UNPROVEN, ReadTarget, Session, streams
from agentslint.engine.unmatched import Unmatched
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, Field, RenderFailure, Report, Result, Target, TargetKind
from agentslint.model.skipped import notes_about
from agentslint.parallel import each
from agentslint.render.unread import unread
from agentslint.suppress import Coverage, SuppressionEntry, baselined, commented, configured, suppress
from agentslint.trace import Tracers, fields_of, locate


def lint(session: Session) -> Report:
    """Render every target, ask the rules, find the places, apply the suppressions."""
    started = time.monotonic()
    checker = Checker(session.rules, session.context)
    failures = list(session.discovery.failures)
    fleet, below = render_all(session, checker, failures)
    targets = (*session.discovery.targets, *below.targets)
    checker.fleet(fleet, targets)
    checker.applications(session.deployments, fleet, session.root)
    judged = by_policy(session, fleet, failures)
    compared, change = changed(session, checker, fleet, failures)
    asides = compared if change is None and len(checker.about_change) < len(session.rules) else []
    notes = [*judged, *([] if session.trace else [UNPROVEN]), *([] if asides else compared)]
    tracers = tracers_of(fleet, change)
    results = located(session, checker.take(), tracers, failures)
    # A suppression may be for something that could not be checked.
    failures += unread_calls(fleet)
    unused, about_unused = without_effect(session, fleet, targets)
    failures += unused
    seen = coverage(session, checker, fleet, failures)
    results, uses = suppress(results, accepted(session, checker, fleet, seen), session.root)
    checker.ignores(uses)
    results += located(session, checker.take(), tracers, failures)
    deployed = Deployed(session, fleet, tracers, checker.told)
    failures += deployed.failures
    skipped = (*session.discovery.skipped, *deployed.skipped)
    results, removable = baselined(results, session.baseline, seen, session.root)

    return Report(
        results=results,
        failures=failures,
        notes=[
            *session.discovery.notes,
            *below.notes,
            *notes_about(skipped),
            *session.renderer.notes,
            *session.restrictor.notes,
            *notes,
            *checker.notes,
            *about_unused,
            *filled_in(fleet),
            *ending(session, removable),
            *session.budget.notes,
        ],
        rules={active.rule.id: type(active.rule) for active in session.rules},
        root=session.root,
        targets=targets,
        rendered=len(fleet),
        renders=session.renderer.count,
        seconds=time.monotonic() - started,
        sources=streams(fleet),
        skipped=skipped,
        cut_short=session.budget.cut_short,
        asides=[*asides, *session.context.unchecked.said],
        in_short=list(session.context.unchecked.in_short),
        configuration=session.configuration,
        revision=session.policy.tree.revision.commit if session.policy else None,
    )


def coverage(session: Session, checker: Checker, fleet: Sequence[RenderedTarget], failures: Sequence[Failure]) -> Coverage:
    """Return what the run has judged: only there can a suppression be without use."""
    names = [name for rendered in fleet for name in (rendered.target.name, rendered.target.path)]
    traced = session.trace and not session.budget.cut_short
    return Coverage.of(checker.standing_rules, names, failures, session.repository, traced=traced)


def without_effect(session: Session, fleet: Sequence[RenderedTarget], targets: Sequence[Target]) -> tuple[list[Failure], list[str]]:
    """Return failures and notes about what the configuration says of this run, and what had no effect in it."""
    unmatched = Unmatched(session).by_targets().by_contents(fleet)
    not_run = scenarios_not_run(session, fleet, targets)
    return [*unmatched.failures, *unread_schemas(session), *not_run.failures], [*unmatched.notes, *not_run.notes]


def render_all(session: Session, checker: Checker, failures: list[Failure]) -> tuple[list[RenderedTarget], BelowFailures]:
    """Render every target and ask the rules about each, then those below the targets that failed."""
    fleet: list[RenderedTarget] = []
    failed_renders: list[RenderFailure] = []
    for number, found in enumerate(session.rendered(session.discovery.targets, checker.wants)):
        check(found, checker, fleet, failures)
        failed_renders += [found.outcome] if isinstance(found.outcome, RenderFailure) else []
        session.progress(number + 1, len(session.discovery.targets))
    below = BelowFailures(session)
    for found in below.rendered(failed_renders, tuple(fleet), checker.wants):
        check(found, checker, fleet, failures)
    return fleet, below


def check(found: ReadTarget, checker: Checker, fleet: list[RenderedTarget], failures: list[Failure]) -> None:
    """Ask the rules about one target; it joins the fleet when it rendered."""
    failures += unread(found.target, found.outcome.message if isinstance(found.outcome, RenderFailure) else "")
    if isinstance(found.outcome, RenderFailure):
        failures.append(failed(found.outcome, checker))
        return
    failures += found.failures
    if not found.total and not is_empty(found.target):
        checker.failure(target_failure(found.target, "empty", "renders no document at all"))
    checker.target(found.outcome)
    fleet.append(found.outcome)


def is_empty(target: Target) -> bool:
    """Tell whether a target is deliberately empty (`resources: []`): then it should render nothing."""
    closure = target.closure
    named = closure.files - frozenset(closure.kustomizations)
    return target.kind is TargetKind.KUSTOMIZATION and not (
        named or closure.folders or closure.charts or closure.remotes or closure.unclear
    )


def unread_calls(fleet: Iterable[RenderedTarget]) -> list[Failure]:
    """A document that cannot be read belongs to an unknown chart, so that chart's release group and contract may be incomplete."""
    return [Failure(why, rendered.target.name) for rendered in fleet for why in rendered.unread_documents]


def changed(
    session: Session, checker: Checker, fleet: Sequence[RenderedTarget], failures: list[Failure]
) -> tuple[list[str], Change | None]:
    """Run the rules about the change; returns notes, and the change if a rule needed it."""
    known: dict[str, Side] = {rendered.target.name: rendered for rendered in fleet}
    for target in session.discovery.targets:
        if target.name not in known:
            known[target.name] = target_failure(target, "reported", "it does not render")
    notes, unknown, change = check_change(session.comparison, checker, known, session.sides(checker.wants), session.repository)
    failures += unknown
    return notes, change


def tracers_of(fleet: Iterable[RenderedTarget], change: Change | None) -> Tracers:
    """Return the tracers of all targets of today: findings may also be about those that were rendered for a comparison only."""
    rendered = (*fleet, *(change.head.targets if change else ()))
    return {each.target.name: each.tracer for each in rendered if each.is_traced}


def failed(failure: RenderFailure, checker: Checker) -> Failure:
    """Rules report a target that does not render, and it always counts as not checked."""
    before = len(checker.out.findings)
    checker.failure(failure)
    reported = len(checker.out.findings) > before
    return Failure(
        failure.message, failure.target.name, location=failure.location, details=failure.details, reported=reported, rendering=True
    )


def located(session: Session, checked: Checked, tracers: Tracers, failures: list[Failure]) -> list[Result]:
    """Find the place of every finding: one taint render a target, in parallel, and only where there are findings."""
    failures += checked.failures
    by_target: dict[str, list[Field]] = {}
    for place in fields_of((*checked.findings, *(unknown.finding for unknown in checked.unknown))):
        by_target.setdefault(place.manifest.target.name, []).append(place)
    traced = [target for target in by_target if target in tracers]
    list(each(lambda target: tracers[target].prove(by_target[target]), traced, session.jobs, session.renderer.stop))
    failures += (unchecked(unknown.finding, locate(unknown.finding, tracers)[0]) for unknown in checked.unknown)
    found = folded((finding, *locate(finding, tracers)) for finding in checked.findings)
    failures += (fault for tracer in tracers.values() for fault in tracer.faults.take())
    return list(about_generated(found, partial(session.context.files.lines, session.root)))


def accepted(session: Session, checker: Checker, fleet: Sequence[RenderedTarget], seen: Coverage) -> list[SuppressionEntry]:
    """All suppressions: of the configuration, and of comments."""
    old = partial(predates_change, session, checker)
    standing = session.policy.standing if session.policy else None
    counts = counted(session.policy, session.root, checker.about_change) if session.policy else None
    beside = commented(session.root, fleet, seen, session.known_rules, checker.suppression_rules, old, counts, session.deployments.files)
    return [*configured(session.loaded, session.root, seen, standing), *beside]


def predates_change(session: Session, checker: Checker, rule: str, path: str, comment: str) -> bool:
    """A change is accepted by a comment in the same change: an older comment belongs to another one."""
    return rule in checker.about_change and session.comparison is not None and session.comparison.stood(path, comment)
