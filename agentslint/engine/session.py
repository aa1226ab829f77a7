"""What a run needs, and its first stage: every target rendered, in parallel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from agentslint.authorship.lines import whole_target
from agentslint.change.comparison import Comparison
from agentslint.config import Loaded
from agentslint.discover import Discovery
from agentslint.engine.registry import ActiveRule
from agentslint.errors import UsageError, trail
from agentslint.facts.context import Context
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, RenderFailure, Rendering, Target, TargetKind
from agentslint.parallel import each
from agentslint.policy import Policy
from agentslint.render import Renderer, RenderOptions
from agentslint.render.unread import unread
from agentslint.suppress import Baseline
from agentslint.trace import Tracer

Progress = Callable[[int, int], None]
UNPROVEN = "nothing is proven without tracing (--no-trace): rules that rest on proofs find less"


@dataclass(frozen=True)
class Session:
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
    trace_timeout: float | None = None
    known_rules: Collection[str] = ()
    baseline: Baseline | None = None
    repository: Callable[[], Sequence[Target]] = tuple
    """All targets of the repository, whether they are linted or not."""
    against: Comparison | None = None
    """What the run is compared with, where rules ask for it."""
    policy: Policy | None = None
    """The commit whose policy the run is judged by; None for the work tree's."""
    progress: Progress = lambda done, total: None

    def render_changed(self, target: Target, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of a target in which some files are changed."""
        return self.renderer.render_changed(target, self.options(target), changes)

    @property
    def configuration(self) -> str | None:
        """The path of the configuration, from the root where it lies below."""
        path = self.loaded.path
        if path is None:
            return None
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def render_all(run: Session) -> Iterator[Rendering | RenderFailure]:
    """Render in parallel and yield each outcome in the order of the targets."""
    return each(partial(render, run), run.discovery.targets, run.jobs, run.renderer.close)


def render(run: Session, target: Target) -> Rendering | RenderFailure:
    """Render a kustomization; files and streams are rendered already. Whatever goes wrong is this target's failure, and no other one's."""
    try:
        return _render(run, target)
    except Exception as error:
        return broken(target, error)


def broken(target: Target, error: Exception) -> RenderFailure:
    """Return the failure of a target at which we failed ourselves."""
    message = f"{target.file} cannot be checked: {type(error).__name__}: {error}"
    return RenderFailure(target, "unreadable", message, whole_target(target), trail(error))


def _render(run: Session, target: Target) -> Rendering | RenderFailure:
    by_plugin = run.render_by_plugin(target) if run.render_by_plugin else None
    if by_plugin is not None:
        return Rendering(target, by_plugin.encode())
    if target.kind is TargetKind.KUSTOMIZATION:
        return run.renderer.render(target, run.options(target))
    try:
        return Rendering(target, run.read(target))
    except OSError as error:
        return RenderFailure(target, "unreadable", f"{target.file} cannot be read: {error.strerror or error}", whole_target(target))


def with_targets(run: Session, targets: Sequence[Target]) -> Session:
    """Return the run over other targets."""
    return replace(run, discovery=replace(run.discovery, targets=tuple(targets)))


def streams(fleet: Sequence[RenderedTarget]) -> dict[str, str]:
    """The text of what was read from standard input, for code frames: there is no file to show."""
    return {
        rendered.target.file: rendered.rendering.stream.decode("utf-8", "replace")
        for rendered in fleet
        if rendered.target.kind is TargetKind.STREAM and rendered.rendering
    }


def rendered_targets(run: Session) -> tuple[list[RenderedTarget], list[Failure]]:
    """Render the targets of a run; those that fail are named, not skipped. Raises UsageError where there is none."""
    if not run.discovery.targets and not run.discovery.failures:
        raise UsageError("; ".join(run.discovery.notes) or "there is no target here")
    targets, failures = [], list(run.discovery.failures)
    for outcome in render_all(run):
        failures += unread(outcome.target, outcome.message if isinstance(outcome, RenderFailure) else "")
        if isinstance(outcome, RenderFailure):
            failures.append(_failed(outcome))
            continue
        try:
            documents = read_manifests(outcome, lambda kind: True)
        except Exception as error:
            failures.append(_failed(broken(outcome.target, error)))
            continue
        failures += documents.failures
        targets.append(RenderedTarget(outcome.target, documents.manifests, run.context, outcome))
    return targets, failures


def _failed(outcome: RenderFailure) -> Failure:
    return Failure(outcome.message, outcome.target.name, location=outcome.location)


def tracer_of(run: Session, targets: list[RenderedTarget]) -> Tracer:
    """Return what traces fields of these targets."""
    return Tracer(run.render_changed, {target.target.name: target for target in targets})
