"""Scenarios of which nothing was rendered: whoever reads the report must not take them for kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from agentslint.config import Scenario
from agentslint.config.closest import closest, did_you_mean
from agentslint.engine.session import Session
from agentslint.experiment.scenario_scope import applies
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, Target
from agentslint.model.skipped import some


class ScenariosNotRun(Struct):
    """The failures of a run that should have had them, and the note of one over other paths."""

    failures: list[Failure] = []
    notes: list[str] = []


def scenarios_not_run(session: Session, fleet: Iterable[RenderedTarget], targets: Sequence[Target]) -> ScenariosNotRun:
    """Look for the targets of the scenarios that are among the rules of a run, among all its `targets` and those that rendered."""
    asked = list(_asked(session))
    if not asked:
        return ScenariosNotRun()
    rendered = {each.target.name for each in fleet}
    found = ScenariosNotRun()
    left_out: list[str] = []
    failed: dict[str, list[str]] = {}
    for number, scenario in asked:
        about = [target for target in targets if applies(scenario, target)]
        if not about and session.whole:
            found.failures.append(_nowhere(session, number, scenario, targets))
        elif not about:
            left_out.append(scenario.name)
        for target in about:
            if target.name not in rendered:
                failed.setdefault(target.name, []).append(scenario.name)
    for name, scenarios in failed.items():
        found.failures.append(Failure(f"cannot check {some(scenarios)}: {name} does not render", name, rules=tuple(scenarios)))
    if left_out:
        found.notes.append(f"scenarios whose targets are not linted here: {some(left_out)}")
    return found


def _asked(session: Session) -> Iterator[tuple[int, Scenario]]:
    active = {each.rule.id for each in session.rules}
    return ((number, each) for number, each in enumerate(session.loaded.config.scenario) if each.name in active)


def _nowhere(session: Session, number: int, scenario: Scenario, targets: Sequence[Target]) -> Failure:
    key, glob = ("target", scenario.target) if scenario.target is not None else ("chart", scenario.chart or "")
    known = [each.name for each in targets] if key == "target" else [entry.name for each in targets for entry in each.closure.charts]
    hint = did_you_mean(closest(glob, sorted(set(known))))
    place = session.configured_at("scenario", number, key)
    return Failure(f"scenario {scenario.name}: no {key} matches {glob!r}{hint}", location=place, rules=(scenario.name,))
