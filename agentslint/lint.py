"""The pipeline of a run, from paths to a report. Read it first; data goes one way."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from agentslint.check import Checker
from agentslint.config import Loaded
from agentslint.discover import Discovery
from agentslint.facts import Context, RenderedTarget
from agentslint.manifests import read_manifests
from agentslint.model import Failure, RenderFailure, Rendering, Report, Result, Target, TargetKind
from agentslint.registry import ActiveRule
from agentslint.render import Renderer, RenderOptions
from agentslint.render.failure import whole_target
from agentslint.results import Located, results
from agentslint.suppress import suppress
from agentslint.trace import Tracer

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
    progress: Progress = lambda done, total: None


def lint(run: Run) -> Report:
    """Render every target, ask the rules, find the places, apply the suppressions."""
    started = time.monotonic()
    checker, tracer = Checker(run.rules, run.context), Tracer()
    failures = list(run.discovery.failures)
    located: list[Located] = []
    fleet: list[RenderedTarget] = []

    for number, outcome in enumerate(render_all(run)):
        rendered = check(outcome, checker, fleet, failures)
        located += locate(checker, tracer, [rendered] if rendered else [], failures)
        run.progress(number + 1, len(run.discovery.targets))
    checker.fleet(fleet)
    located += locate(checker, tracer, fleet, failures)

    found, more = suppressed(run, results(located), checker, fleet)
    failures += more
    return Report(
        results=found,
        failures=failures,
        notes=list(run.discovery.notes),
        rules={active.rule.id: type(active.rule) for active in run.rules},
        root=run.root,
        targets=run.discovery.targets,
        rendered=len(fleet),
        seconds=time.monotonic() - started,
    )


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
    outcome: Rendering | RenderFailure, checker: Checker, fleet: list[RenderedTarget], failures: list[Failure]
) -> RenderedTarget | None:
    """Ask the rules about one target; it joins the fleet when it rendered."""
    if isinstance(outcome, RenderFailure):
        failures.append(failed(outcome, checker))
        return None
    documents = read_manifests(outcome, checker.wants)
    failures += documents.failures
    if not documents.total:
        checker.failure(RenderFailure(outcome.target, "empty", "renders no document at all", whole_target(outcome.target)))
    rendered = RenderedTarget(outcome.target, documents.manifests, checker.context, outcome)
    checker.target(rendered)
    fleet.append(rendered)
    return rendered


def failed(failure: RenderFailure, checker: Checker) -> Failure:
    """A target that does not render is told by the rules that speak of it, and counts as not checked in any case."""
    before = len(checker.out.findings)
    checker.failure(failure)
    told = len(checker.out.findings) > before
    return Failure(failure.message, failure.target.name, location=failure.location, details=failure.details, told=told, rendering=True)


def locate(checker: Checker, tracer: Tracer, targets: Sequence[RenderedTarget], failures: list[Failure]) -> list[Located]:
    """Find the place of every finding since the last call."""
    checked = checker.take()
    failures += checked.failures
    by_name = {rendered.target.name: rendered for rendered in targets}
    return [(finding, *tracer.locate(finding, by_name)) for finding in checked.findings]


def suppressed(run: Run, found: list[Result], checker: Checker, fleet: Sequence[RenderedTarget]) -> tuple[list[Result], list[Failure]]:
    """Mark what the configuration accepts; what the rules say of the entries joins the results."""
    if not run.loaded.config.ignore:
        return found, []
    root = Target(".", TargetKind.MANIFESTS, run.root, ".")
    names = [rendered.target.name for rendered in fleet]
    marked, uses = suppress(found, run.loaded, root, [active.rule.id for active in run.rules], names, datetime.date.today())
    checker.ignores(uses)
    failures: list[Failure] = []
    return marked + results(locate(checker, Tracer(), (), failures)), failures
