"""The pipeline of a run, from paths to a report. Read it first; data goes one way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from agentslint.authorship.lines import whole_target
from agentslint.change.target_change import Side
from agentslint.engine.change_rules import judge
from agentslint.engine.checker import Checked, Checker
from agentslint.engine.judged import by_policy, counted, ending
from agentslint.engine.results import results, unchecked
from agentslint.engine.session import UNPROVEN, Session, broken, render_all, streams, with_targets
from agentslint.experiment.renders import Budget
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, Field, RenderFailure, Rendering, Report, Result
from agentslint.parallel import each
from agentslint.render.unread import unread
from agentslint.suppress import Coverage, SuppressionEntry, baselined, commented, configured, suppress
from agentslint.trace import Tracer, fields_of


def lint(run: Session) -> Report:
    """Render every target, ask the rules, find the places, apply the suppressions."""
    started = time.monotonic()
    checker = Checker(run.rules, run.context)
    tracer = Tracer(run.render_changed if run.trace else None, clock=Budget(run.trace_timeout))
    failures = list(run.discovery.failures)
    fleet: list[RenderedTarget] = []

    for number, outcome in enumerate(render_all(run)):
        check(outcome, checker, tracer, fleet, failures)
        run.progress(number + 1, len(run.discovery.targets))
    checker.fleet(fleet, run.discovery.targets)
    notes = [*by_policy(run, fleet, failures), *([] if run.trace else [UNPROVEN]), *changed(run, checker, tracer, fleet, failures)]
    found = located(run, checker.take(), tracer, failures)
    names, traced = [rendered.target.name for rendered in fleet], run.trace and not tracer.clock.cut_short
    seen = Coverage.of(checker.lasting, names, failures, run.repository, traced=traced)
    found, uses = suppress(found, accepted(run, checker, fleet, seen), run.root)
    checker.ignores(uses)
    found += located(run, checker.take(), tracer, failures)
    found, removable = baselined(found, run.baseline, seen, run.root)

    return Report(
        results=found,
        failures=failures,
        notes=[*run.discovery.notes, *run.renderer.notes, *notes, *checker.notes, *ending(run, removable), *tracer.clock.notes],
        rules={active.rule.id: type(active.rule) for active in run.rules},
        root=run.root,
        targets=run.discovery.targets,
        rendered=len(fleet),
        renders=run.renderer.count,
        seconds=time.monotonic() - started,
        sources=streams(fleet),
        cut_short=tracer.clock.cut_short,
        configuration=run.configuration,
        revision=run.policy.tree.revision.commit if run.policy else None,
    )


def check(
    outcome: Rendering | RenderFailure, checker: Checker, tracer: Tracer, fleet: list[RenderedTarget], failures: list[Failure]
) -> None:
    """Ask the rules about one target; it joins the fleet when it rendered."""
    failures += unread(outcome.target, outcome.message if isinstance(outcome, RenderFailure) else "")
    if isinstance(outcome, RenderFailure):
        failures.append(failed(outcome, checker))
        return
    try:
        documents = read_manifests(outcome, checker.wants)
    except Exception as error:
        failures.append(failed(broken(outcome.target, error), checker))
        return
    failures += documents.failures
    if not documents.total:
        checker.failure(RenderFailure(outcome.target, "empty", "renders no document at all", whole_target(outcome.target)))
    rendered = RenderedTarget(outcome.target, documents.manifests, checker.context, outcome, tracer)
    tracer.targets[outcome.target.name] = rendered
    checker.target(rendered)
    fleet.append(rendered)


def changed(run: Session, checker: Checker, tracer: Tracer, fleet: Sequence[RenderedTarget], failures: list[Failure]) -> list[str]:
    """Ask the rules about what differs from the base revision; returns notes."""
    known: dict[str, Side] = {rendered.target.name: rendered for rendered in fleet}
    for target in run.discovery.targets:
        if target.name not in known:
            known[target.name] = RenderFailure(target, "told", "it does not render", whole_target(target))

    def adopt(rendered: RenderedTarget) -> None:
        rendered.prover, tracer.targets[rendered.target.name] = tracer, rendered

    notes, unknown = judge(run.against, checker, known, lambda targets: render_all(with_targets(run, targets)), adopt, run.repository)
    failures += unknown
    return notes


def failed(failure: RenderFailure, checker: Checker) -> Failure:
    """A target that does not render is told by the rules that speak of it, and counts as not checked in any case."""
    before = len(checker.out.findings)
    checker.failure(failure)
    told = len(checker.out.findings) > before
    return Failure(failure.message, failure.target.name, location=failure.location, details=failure.details, told=told, rendering=True)


def located(run: Session, checked: Checked, tracer: Tracer, failures: list[Failure]) -> list[Result]:
    """Find the place of every finding: one taint render a target, in parallel, and only where there are findings."""
    failures += checked.failures
    by_target: dict[str, list[Field]] = {}
    for place in fields_of((*checked.findings, *(unknown.finding for unknown in checked.unknown))):
        by_target.setdefault(place.manifest.target.name, []).append(place)
    list(each(lambda target: tracer.prove(target, by_target[target]), by_target, run.jobs, run.renderer.close))
    failures += (unchecked(unknown.finding, tracer.locate(unknown.finding)[0]) for unknown in checked.unknown)
    found = results((finding, *tracer.locate(finding)) for finding in checked.findings)
    failures += tracer.faults.take()
    return found


def accepted(run: Session, checker: Checker, fleet: Sequence[RenderedTarget], seen: Coverage) -> list[SuppressionEntry]:
    """All that people accept: in the configuration, and beside what they wrote."""
    old = partial(predates_change, run, checker)
    standing = run.policy.standing if run.policy else None
    counts = counted(run.policy, run.root, checker.about_change) if run.policy else None
    beside = commented(run.root, fleet, seen, run.known_rules, checker.accusers, old, counts)
    return [*configured(run.loaded, run.root, seen, standing), *beside]


def predates_change(run: Session, checker: Checker, rule: str, path: str, comment: str) -> bool:
    """Whoever accepts what a change does says so in that change: a comment that was there before speaks of another one."""
    return rule in checker.about_change and run.against is not None and run.against.stood(path, comment)
