"""The state of a run, and its first stage: every target rendered, in parallel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from msgspec import Struct, field

from agentslint.authorship.lines import target_failure, target_location
from agentslint.change.comparison import Comparison
from agentslint.change.target_change import RenderSides, Side, SideRequest
from agentslint.config import Loaded
from agentslint.discover import Discovery
from agentslint.engine.deployments import Deployments
from agentslint.engine.load_restrictor import LoadRestrictor
from agentslint.engine.registry import ActiveRule
from agentslint.errors import UsageError, trail
from agentslint.experiment.renders import Budget, Renders
from agentslint.facts.context import Context
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.fleet.several_sources import leave_out_replaced, of_several_sources
from agentslint.model import Failure, Location, Region, RenderFailure, Rendering, Target, TargetKind
from agentslint.parallel import each
from agentslint.policy import Policy
from agentslint.render import Renderer, RenderOptions
from agentslint.render.unread import unread
from agentslint.suppress import Baseline

Progress = Callable[[int, int], None]
Wants = Callable[[str], bool]
UNPROVEN = "tracing is off (--no-trace): rules that need extra renders find less"


def everything(kind: str) -> bool:
    """Want the manifests of every kind."""
    return True


class ReadTarget(Struct, frozen=True):
    """A target as it rendered, or why it did not; `failures` are documents that cannot be read, `total` counts all documents."""

    target: Target
    outcome: RenderedTarget | RenderFailure
    failures: tuple[Failure, ...] = ()
    total: int = 0

    @property
    def side(self) -> Side:
        """One side of a comparison: with a document that cannot be read it is not known whole, and so a failure."""
        if not self.failures:
            return self.outcome
        first = self.failures[0]
        return RenderFailure(self.target, "yaml", first.message, first.location or target_location(self.target))


class Session(Struct, frozen=True):
    """All that a run needs: its targets, rules and renderer."""

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
    budget: Budget = field(default_factory=Budget)
    """The time that extra renders may take."""
    known_rules: Collection[str] = ()
    baseline: Baseline | None = None
    repository: Callable[[], Sequence[Target]] = tuple
    """All targets of the repository, whether they are linted or not."""
    comparison: Comparison | None = None
    """The comparison with the base, if rules ask for it."""
    policy: Policy | None = None
    """The commit whose policy the run is judged by; None for the work tree's."""
    restrictor: LoadRestrictor = field(default_factory=LoadRestrictor)
    """What Argo CD's own settings say of files beside a folder."""
    whole: bool = False
    """Whether the run covers everything that the configuration covers, so that a glob without a match here has none at all."""
    progress: Progress = lambda done, total: None
    deployments: Deployments = field(default_factory=Deployments)
    """The applications of the repository, and their sources."""
    outcomes: dict[tuple[Path, str], Rendering | RenderFailure] = {}
    """Renderings that were needed before the run's own: by root and name of the target."""
    asked: dict[tuple[Path, str], tuple[Target, Renders]] = {}
    """What renders a target with other inputs, by root and name."""

    def _render_changed(self, target: Target, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of a target in which some files are changed."""
        return self.renderer.render_changed(target, self.restrictor.options(target, self.options(target)), changes)

    def rendered(self, targets: Sequence[Target], wants: Wants = everything, at_base: Collection[int] = ()) -> Iterator[ReadTarget]:
        """Render targets in parallel and read their output, in their order; the manifests are those of the kinds that are wanted.

        Of the targets whose ids are in `at_base` nothing is proven: they are those of a base revision.
        """
        outcomes = each(partial(_rendered, self), targets, self.jobs, self.renderer.stop)
        reads = (self._read(outcome, wants, traced=id(target) not in at_base) for target, outcome in zip(targets, outcomes, strict=True))
        return self._as_deployed(reads)

    def sides(self, wants: Wants) -> RenderSides:
        """Return a function that renders targets for a comparison."""

        def render(requests: Sequence[SideRequest]) -> Iterator[Side]:
            at_base = {id(request.target) for request in requests if request.at_base}
            return (found.side for found in self.rendered([request.target for request in requests], wants, at_base))

        return render

    def _as_deployed(self, reads: Iterable[ReadTarget]) -> Iterator[ReadTarget]:
        """Yield targets, those of one application with several sources only once all of them are there."""
        for application, group in groupby(reads, lambda read: of_several_sources(read.target)):
            joined = self._joined if application else iter
            yield from joined(group)

    def _joined(self, reads: Iterable[ReadTarget]) -> Iterator[ReadTarget]:
        """The sources of one application, of both sides where they are compared."""
        found = list(reads)
        for root in dict.fromkeys(read.target.root for read in found):
            side = [read for read in found if read.target.root == root]
            sources = [*side, *self._other_sources([read.target for read in side])]
            leave_out_replaced(read.outcome for read in sources if isinstance(read.outcome, RenderedTarget))
        return iter(found)

    def _other_sources(self, targets: Sequence[Target]) -> Iterator[ReadTarget]:
        """The sources of an application that this run is not about, or that do not differ from the base."""
        deployed = [target.deployed for target in targets if target.deployed]
        numbers = {each.number for each in deployed}
        for target in self.deployments.targets if len(numbers) < deployed[0].of else ():
            own = target.deployed
            if own and own.application.id == deployed[0].application.id and own.of == deployed[0].of and own.number not in numbers:
                yield self._read(self.render_early(target), everything, traced=False)

    def render_early(self, target: Target) -> Rendering | RenderFailure:
        """Render a target before the run begins, and keep the outcome for it."""
        key = target.root, target.name
        if key not in self.outcomes or self.outcomes[key].target != target:
            self.outcomes[key] = _rendered(self, target)
        return self.outcomes[key]

    def _read(self, outcome: Rendering | RenderFailure, wants: Wants, *, traced: bool) -> ReadTarget:
        if isinstance(outcome, RenderFailure):
            return ReadTarget(outcome.target, outcome)
        try:
            documents = read_manifests(outcome, wants)
        except Exception as error:
            return ReadTarget(outcome.target, broken(outcome.target, error))
        renders = self.renders_of(outcome.target) if traced else None
        rendered = RenderedTarget(outcome.target, documents.manifests, self.context, outcome, renders)
        return ReadTarget(outcome.target, rendered, tuple(documents.failures), documents.total)

    def renders_of(self, target: Target) -> Renders:
        """Return what renders a target with other inputs, one for all who ask."""
        key = target.root, target.name
        if key not in self.asked or self.asked[key][0] != target:
            self.asked[key] = target, self._renders(target)
        return self.asked[key][1]

    def _renders(self, target: Target) -> Renders:
        if self.trace:
            return Renders(self.context, partial(self._render_changed, target), budget=self.budget)
        refusal = target_failure(target, "tool", "extra renders are off (--no-trace)")
        return Renders(self.context, refusal=refusal, budget=self.budget)

    @property
    def configuration(self) -> str | None:
        """The path of the configuration, from the root where it lies below."""
        return self._from_root(self.loaded.path)

    def configured_at(self, *keys: str | int, word: str = "") -> Location | None:
        """Return where a key of the configuration is written, or `word` in its value; None where there is no configuration."""
        path, line = self.loaded.place(*keys, word=word)
        shown = self._from_root(path)
        return Location(shown, Region(line, 1, line, 2)) if shown else None

    def _from_root(self, path: Path | None) -> str | None:
        if path is None:
            return None
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def _rendered(session: Session, target: Target) -> Rendering | RenderFailure:
    """Render a kustomization; files and streams are rendered already. Whatever goes wrong is this target's failure, and no other one's."""
    try:
        known = session.outcomes.pop((target.root, target.name), None)
        return known if known and known.target == target else _render(session, target)
    except Exception as error:
        return broken(target, error)


def broken(target: Target, error: Exception) -> RenderFailure:
    """Return the failure of a target at which we failed ourselves."""
    message = f"{target.file} cannot be checked: {type(error).__name__}: {error}"
    return target_failure(target, "unreadable", message, trail(error))


def _render(session: Session, target: Target) -> Rendering | RenderFailure:
    by_plugin = session.render_by_plugin(target) if session.render_by_plugin else None
    if by_plugin is not None:
        return Rendering(target, by_plugin.encode())
    if target.is_built:
        return session.restrictor.render(target, session.options(target), session.renderer.render)
    try:
        return Rendering(target, session.read(target))
    except OSError as error:
        return target_failure(target, "unreadable", f"{target.file} cannot be read: {error.strerror or error}")


def streams(fleet: Sequence[RenderedTarget]) -> dict[str, str]:
    """The text of what was read from standard input, for code frames: there is no file to show."""
    return {
        rendered.target.file: rendered.rendering.stream.decode("utf-8", "replace")
        for rendered in fleet
        if rendered.target.kind is TargetKind.STREAM and rendered.rendering
    }


def not_judged(session: Session) -> list[str]:
    """Say of each selected application that is not judged why."""
    rows = (row for row in session.deployments.selected if not row.is_judged)
    return list(dict.fromkeys(f"{row.application.id} is not judged: {row.reason}" for row in rows))


def rendered_targets(session: Session) -> tuple[list[RenderedTarget], list[Failure]]:
    """Render the targets of a run; those that fail are named, not skipped. Raises UsageError where there is none."""
    if not session.discovery.targets and not session.discovery.failures:
        raise UsageError("; ".join((*session.discovery.notes, *not_judged(session))) or "there is no target here")
    targets, failures = [], list(session.discovery.failures)
    for found in session.rendered(session.discovery.targets):
        failures += unread(found.target, found.outcome.message if isinstance(found.outcome, RenderFailure) else "")
        failures += found.failures
        if isinstance(found.outcome, RenderFailure):
            failures.append(Failure(found.outcome.message, found.target.name, location=found.outcome.location))
        else:
            targets.append(found.outcome)
    return targets, failures


def faults_of(targets: Sequence[RenderedTarget]) -> list[Failure]:
    """Return where tracing broke since the last call."""
    return [fault for target in targets for fault in target.tracer.faults.take()]
