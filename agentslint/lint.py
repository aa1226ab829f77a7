"""The pipeline of a run, from paths to a report. Read it first; data goes one way."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from agentslint.check import Checked, Checker
from agentslint.config import Loaded
from agentslint.discover import Discovery
from agentslint.facts import Context, RenderedTarget
from agentslint.manifests import read_manifests
from agentslint.model import Failure, Field, RenderFailure, Rendering, Report, Result, Target, TargetKind
from agentslint.registry import ActiveRule
from agentslint.render import Renderer, RenderOptions
from agentslint.render.failure import whole_target
from agentslint.results import results
from agentslint.suppress import Baseline, commented, configured, suppress
from agentslint.trace import Tracer, fields_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Run:
    """All that a run needs: what to look at, with which rules, rendered by what."""

    root: Path
    discovery: Discovery
    rules: Sequence[ActiveRule]
    context: Context
    loaded: Loaded
    renderer: Renderer
    options: Callable[[Target], RenderOptions]
    jobs: int
    read: Callable[[Target], bytes]
    render_by_plugin: Callable[[Target], str | None] | None = None
    trace: bool = True
    known_rules: Collection[str] = ()
    baseline: Baseline | None = None
    progress: Progress = lambda done, total: None

    def render_changed(self, target: Target, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of a target in which some files are changed."""
        return self.renderer.render_changed(target, self.options(target), changes)


def lint(run: Run) -> Report:
    """Render every target, ask the rules, find the places, apply the suppressions."""
    started = time.monotonic()
    checker, tracer = Checker(run.rules, run.context), Tracer(run.render_changed if run.trace else None)
    failures = list(run.discovery.failures)
    fleet: list[RenderedTarget] = []

    for number, outcome in enumerate(render_all(run)):
        check(outcome, checker, tracer, fleet, failures)
        run.progress(number + 1, len(run.discovery.targets))
    checker.fleet(fleet)
    found = located(run, checker.take(), tracer, failures)
    found += suppressed(run, found, checker, tracer, failures)
    found, removable = baselined(run, found, fleet)

    return Report(
        results=found,
        failures=failures,
        notes=[*run.discovery.notes, *run.renderer.notes, *removable],
        rules={active.rule.id: type(active.rule) for active in run.rules},
        root=run.root,
        targets=run.discovery.targets,
        rendered=len(fleet),
        renders=run.renderer.count,
        seconds=time.monotonic() - started,
        sources=streams(fleet),
    )


def streams(fleet: Sequence[RenderedTarget]) -> dict[str, str]:
    """The text of what was read from standard input, for code frames: there is no file to show."""
    return {
        rendered.target.file: rendered.rendering.stream.decode("utf-8", "replace")
        for rendered in fleet
        if rendered.target.kind is TargetKind.STREAM and rendered.rendering
    }


def render_all(run: Run) -> Iterator[Rendering | RenderFailure]:
    """Render in parallel and yield each outcome in the order of the targets."""
    with ThreadPoolExecutor(max_workers=run.jobs) as pool:
        pending: list[Future[Rendering | RenderFailure]] = [pool.submit(render, run, target) for target in run.discovery.targets]
        try:
            for future in pending:
                yield future.result()
        except BaseException:
            run.renderer.close()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def render(run: Run, target: Target) -> Rendering | RenderFailure:
    """Render a kustomization; files and streams are rendered already."""
    by_plugin = run.render_by_plugin(target) if run.render_by_plugin else None
    if by_plugin is not None:
        return Rendering(target, by_plugin.encode())
    if target.kind is TargetKind.KUSTOMIZATION:
        return run.renderer.render(target, run.options(target))
    try:
        return Rendering(target, run.read(target))
    except OSError as error:
        return RenderFailure(target, "unreadable", f"{target.file} cannot be read: {error.strerror}", whole_target(target))


def check(
    outcome: Rendering | RenderFailure, checker: Checker, tracer: Tracer, fleet: list[RenderedTarget], failures: list[Failure]
) -> None:
    """Ask the rules about one target; it joins the fleet when it rendered."""
    if isinstance(outcome, RenderFailure):
        failures.append(failed(outcome, checker))
        return
    documents = read_manifests(outcome, checker.wants)
    failures += documents.failures
    if not documents.total:
        checker.failure(RenderFailure(outcome.target, "empty", "renders no document at all", whole_target(outcome.target)))
    rendered = RenderedTarget(outcome.target, documents.manifests, checker.context, outcome, tracer)
    tracer.targets[outcome.target.name] = rendered
    checker.target(rendered)
    fleet.append(rendered)


def failed(failure: RenderFailure, checker: Checker) -> Failure:
    """A target that does not render is told by the rules that speak of it, and counts as not checked in any case."""
    before = len(checker.out.findings)
    checker.failure(failure)
    told = len(checker.out.findings) > before
    return Failure(failure.message, failure.target.name, location=failure.location, details=failure.details, told=told, rendering=True)


def located(run: Run, checked: Checked, tracer: Tracer, failures: list[Failure]) -> list[Result]:
    """Find the place of every finding: one taint render a target, in parallel, and only where there are findings."""
    failures += checked.failures
    by_target: dict[str, list[Field]] = {}
    for place in fields_of(checked.findings):
        by_target.setdefault(place.manifest.target.name, []).append(place)
    with ThreadPoolExecutor(max_workers=run.jobs) as pool:
        list(pool.map(tracer.prove, by_target, by_target.values()))
    return results((finding, *tracer.locate(finding)) for finding in checked.findings)


def suppressed(run: Run, found: list[Result], checker: Checker, tracer: Tracer, failures: list[Failure]) -> list[Result]:
    """Mark in `found` what people accept; return what the rules say of their entries."""
    ran = [active.rule.id for active in run.rules]
    root = Target(".", TargetKind.MANIFESTS, run.root, ".")
    entries = [*configured(run.loaded, run.root, ran, tracer.targets), *commented(run.root, tracer.targets.values(), ran, run.known_rules)]
    found[:], uses = suppress(found, entries, root, datetime.date.today())
    checker.ignores(uses)
    return located(run, checker.take(), tracer, failures)


def baselined(run: Run, found: list[Result], fleet: Sequence[RenderedTarget]) -> tuple[list[Result], list[str]]:
    """Mark what the baseline knows; return the results, and a note where entries of it are no longer needed."""
    if run.baseline is None:
        return found, []
    ran = [active.rule.id for active in run.rules]
    entries = list(run.baseline.entries(run.root, ran, [rendered.target.name for rendered in fleet]))
    marked, uses = suppress(found, entries, Target(".", TargetKind.MANIFESTS, run.root, "."), datetime.date.today())
    gone = [use for use in uses if use.judged and not use.matched]
    names = ", ".join(f"{use.rule_id} ({use.reason.partition(': ')[2]})" for use in gone[:5]) + (", ..." if len(gone) > 5 else "")
    return marked, [f"{len(gone)} of the baseline are fixed; `agentslint baseline` removes them: {names}"] if gone else []
