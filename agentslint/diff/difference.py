"""A run -> its difference from the base, with the verdict of the rules about a change."""

from __future__ import annotations

import time
from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from agentslint.change import Change
from agentslint.change.comparison import ComparedTargets, Comparison
from agentslint.credentials import cleaned
from agentslint.diff.describe import Describer
from agentslint.diff.rows import RunDifference
from agentslint.diff.unrendered import notes, unrendered
from agentslint.engine.change_rules import failures
from agentslint.engine.checker import Checker
from agentslint.engine.judged import by_policy, ending
from agentslint.engine.pipeline import accepted, located, tracers_of
from agentslint.engine.session import Session, everything
from agentslint.engine.unmatched import Unmatched
from agentslint.errors import UsageError
from agentslint.model import Report, Result, Target
from agentslint.report.clean import without_credentials
from agentslint.suppress import Coverage, baselined, suppress


def difference(session: Session) -> RunDifference:
    """Compare the targets of a run with its base: only those that differ are rendered. Raises UsageError where there is no base."""
    started = time.monotonic()
    found = session.comparison.compared if session.comparison else None
    if session.comparison is None or not isinstance(found, ComparedTargets):
        raise UsageError(f"nothing to compare with: {found or 'no base revision (pass --base REV)'}")
    comparing = _Comparing(session, session.comparison, found)
    change = comparing.change()
    # A suppression may be for something that could not be checked.
    unmatched = Unmatched(session).by_targets()
    comparing.failures += unmatched.failures
    one_sided, refused = session.comparison.no_longer_judged(found.tree.root)
    comparing.failures += refused
    results = comparing.verdict(change)
    policy = by_policy(session, change.head.targets, comparing.failures)
    skipped = unrendered(change, session.discovery.skipped)
    told = [result.location.path for result in results]
    report = Report(
        results=results,
        failures=comparing.failures,
        notes=[
            *found.notes,
            *dict.fromkeys(one_sided),
            *session.discovery.notes,
            *notes(change, skipped, told),
            *session.renderer.notes,
            *session.restrictor.notes,
            *policy,
            *comparing.checker.notes,
            *unmatched.notes,
            *ending(session, []),
        ],
        rules={active.rule.id: type(active.rule) for active in comparing.checker.rules},
        root=session.root,
        targets=session.discovery.targets,
        rendered=len(change.head.targets),
        renders=session.renderer.count,
        seconds=time.monotonic() - started,
        skipped=skipped,
        configuration=session.configuration,
        revision=session.policy.tree.revision.commit if session.policy else None,
    )
    describe = Describer(change)
    return RunDifference(
        change.revision.name,
        change.revision.commit,
        [replace(cleaned(describe(target)), policy=_policy(target.name, report)) for target in change.targets],
        without_credentials(report),
        comparing.checker.about_change,
    )


def _policy(target: str, report: Report) -> dict[str, int]:
    found = Counter(result.level.value for result in report.active if target in result.targets)
    found["not checked"] = sum(failure.target == target and bool(failure.rule_id) for failure in report.failures)
    return {what: found[what] for what in ("error", "warning", "note", "not checked") if found[what]}


class _Comparing(Struct, dict=True):
    """One comparison under way."""

    session: Session
    comparison: Comparison
    found: ComparedTargets

    def __post_init__(self) -> None:
        session = self.session
        self.checker = Checker([active for active in session.rules if "check_change" in active.scopes], session.context)
        self.failures = list(session.discovery.failures)

    def change(self) -> Change:
        """Render the targets that differ, and others that the rules need."""
        others = self._others if self.checker.about_change else tuple
        change = self.comparison.change(self.session.sides(everything), {}, self.session.context, others)
        self.failures += failures(change)
        return change

    def verdict(self, change: Change) -> list[Result]:
        """Ask the rules about a change, as a run of the linter does."""
        session, checker, fleet = self.session, self.checker, change.head.targets
        checker.change(change)
        found = located(session, checker.take(), tracers_of((), change), self.failures)
        names = [rendered.target.name for rendered in fleet]
        seen = Coverage.of(
            checker.standing_rules, names, self.failures, session.repository, traced=session.trace and not session.budget.cut_short
        )
        found, _ = suppress(found, accepted(session, checker, fleet, seen), session.root)
        return baselined(found, session.baseline, seen, session.root)[0]

    def _others(self) -> list[Target]:
        """The targets of the repository, the run's as it knows them."""
        own = self.session.discovery.targets
        names = {target.name for target in own}
        return [*own, *(target for target in self.session.repository() if target.name not in names)]
