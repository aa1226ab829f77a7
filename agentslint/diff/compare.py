"""A run -> what will run differently, with the verdict of the rules about a change."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from agentslint.change import Change
from agentslint.change.against import Against, Comparison
from agentslint.change.judge import failures
from agentslint.change.sides import Rendered, Side
from agentslint.check import Checker
from agentslint.diff.describe import Describer
from agentslint.diff.rows import Difference
from agentslint.errors import UsageError
from agentslint.facts import RenderedTarget
from agentslint.lint import accepted, located
from agentslint.model import Failure, RenderFailure, Report, Result, Target, TargetKind
from agentslint.run import Run, render_all, with_targets
from agentslint.suppress import Seen, baselined, suppress
from agentslint.trace import Tracer
from agentslint.trace.clock import Clock


def difference(run: Run) -> Difference:
    """Compare the targets of a run with its base: only those that differ are rendered. Raises UsageError where there is no base."""
    started = time.monotonic()
    found = run.against.comparison if run.against else None
    if run.against is None or not isinstance(found, Comparison):
        raise UsageError(f"there is nothing to compare with: {found or 'no base revision is named (--base REV)'}")
    comparing = _Comparing(run, run.against, found)
    change = comparing.change()
    results = comparing.verdict(change)
    report = Report(
        results=results,
        failures=comparing.failures,
        notes=[*found.notes, *run.discovery.notes, *run.renderer.notes, *comparing.checker.notes],
        rules={active.rule.id: type(active.rule) for active in comparing.checker.rules},
        root=run.root,
        targets=run.discovery.targets,
        rendered=len(change.head.targets),
        renders=run.renderer.count,
        seconds=time.monotonic() - started,
    )
    describe = Describer(change)
    return Difference(
        change.revision.name,
        change.revision.commit,
        [describe(target) for target in change.targets],
        report,
        comparing.checker.about_change,
    )


@dataclass
class _Comparing:
    """One comparison under way."""

    run: Run
    against: Against
    found: Comparison

    def __post_init__(self) -> None:
        run = self.run
        self.checker = Checker([active for active in run.rules if "check_change" in active.scopes], run.context)
        self.tracer = Tracer(run.render_changed if run.trace else None, clock=Clock(run.trace_timeout))
        self.failures = list(run.discovery.failures)

    def change(self) -> Change:
        """Render what differs, and what the rules have to see beside it."""
        rendered = Rendered(lambda kind: True, self.run.context, self._adopt)
        known = dict(self._companions(rendered))
        for side in known.values():
            if isinstance(side, RenderFailure):
                self.failures.append(Failure(side.message, side.target.name, location=side.location, rendering=True))
        change = self.against.change(lambda targets: render_all(with_targets(self.run, targets)), known, rendered)
        self.failures += failures(change, known)
        return change

    def verdict(self, change: Change) -> list[Result]:
        """Ask the rules about a change, as a run of the linter does."""
        run, checker, fleet = self.run, self.checker, change.head.targets
        checker.change(change)
        found = located(run, checker.take(), self.tracer, self.failures)
        names = [rendered.target.name for rendered in fleet]
        seen = Seen.of(checker.lasting, names, self.failures, run.repository, traced=run.trace and not self.tracer.clock.cut_short)
        found, _ = suppress(found, accepted(run, checker, fleet, seen), run.root)
        return baselined(found, run.baseline, seen, run.root)[0]

    def _adopt(self, rendered: RenderedTarget) -> None:
        rendered.prover, self.tracer.targets[rendered.target.name] = self.tracer, rendered

    def _companions(self, rendered: Rendered) -> Iterator[tuple[str, Side]]:
        """Targets that do not differ, in which members of a release group may be: rules about a change see groups whole."""
        names = {target.name for target in self.against.targets}
        targets = [target for target in self.run.discovery.targets if target.name not in names and self._is_companion(target, names)]
        for outcome in render_all(with_targets(self.run, targets)) if targets else ():
            side = rendered(outcome)
            if not isinstance(side, RenderFailure):
                self._adopt(side)
            yield outcome.target.name, side

    def _is_companion(self, target: Target, names: Collection[str]) -> bool:
        if not (names and self.checker.about_change) or target.kind is TargetKind.STREAM:
            return False
        groups = [group.targets for group in self.run.context.config.groups]
        return any(_any(globs, target.name) and any(_any(globs, name) for name in names) for globs in groups)


def _any(globs: Collection[str], name: str) -> bool:
    return not globs or any(fnmatchcase(name, glob) for glob in globs)
