"""The renders of `[[scenario]]` tables: a target with other values, or with other files in the place of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint import files
from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.config import Scenario
from agentslint.errors import AgentslintError
from agentslint.experiment.renders import Changes, Renders
from agentslint.experiment.scenario_scope import applies, is_about
from agentslint.experiment.value_changes import changed_files, put
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import HelmChartEntry, RenderFailure, Rendering
from agentslint.model.skipped import some
from agentslint.places import nested_values

REFUSED = "kustomize"
"""The reason of a failure in which the renderer itself refuses the input. Other failures lack time, memory, network or a program."""
MOST = 200
"""Scenarios that are rendered over one target."""
OUT_OF_TIME = "the time for extra renders is over (--trace-timeout)"


class ScenarioRender(Struct, frozen=True):
    """A scenario over one target: its rendering or the renderer's refusal; neither where it was not rendered, `unknown` then says why."""

    scenario: Scenario
    outcome: Rendering | RenderFailure | None = None
    unknown: str = ""
    changes: Changes = {}
    values: ChartValues | None = None
    """The values of the chart over which the scenario lays its own."""

    @property
    def keys(self) -> tuple[ValueKey, ...]:
        """The values that the scenario sets."""
        return tuple(key for key, _ in nested_values(self.scenario.values))

    @property
    def unheard_of(self) -> list[str]:
        """The values that neither the target nor the chart has: none where the chart's own are not known."""
        known = self.values if self.values and self.values.knows_defaults else None
        return [".".join(key) for key in self.keys if known and not known.knows(key)]

    @property
    def unlike(self) -> list[str]:
        """The keys whose value is a mapping in the scenario and something else, but not null, in the target, or the other way round."""
        merged = self.values.merged if self.values else {}
        return [".".join(way) for way in _unlike(self.scenario.values, merged)]


class Scenarios:
    """The scenarios over one target. The first question renders all of them, side by side."""

    def __init__(self, rendered: TargetFacts, renders: Renders) -> None:
        self.rendered = rendered
        self.renders = renders

    def of(self, scenario: Scenario) -> ScenarioRender:
        """Return the outcome of a scenario that applies to the target."""
        return self._found[scenario.name]

    @cached_property
    def _found(self) -> Mapping[str, ScenarioRender]:
        applying = [each for each in self.rendered.context.config.scenario if applies(each, self.rendered.target)]
        found = [self._prepared(each) for each in applying]
        asked = [each for each in found if not each.unknown][:MOST]
        outcomes = self._ask([each.changes for each in asked])
        answered = (_answered(each, outcome) for each, outcome in zip(asked, outcomes, strict=True))
        beyond = f"{self.rendered.target.name} has more than {MOST} scenarios"
        known = {each.scenario.name: each if each.unknown else ScenarioRender(each.scenario, unknown=beyond) for each in found}
        return known | {each.scenario.name: each for each in answered}

    def _ask(self, questions: Sequence[Changes]) -> list[Rendering | RenderFailure | None]:
        """Ask as many questions at once as there are jobs, so that few renders are under way when the time is over."""
        outcomes: list[Rendering | RenderFailure | None] = []
        jobs = max(1, self.renders.context.jobs)
        for start in range(0, len(questions), jobs):
            asked = questions[start : start + jobs]
            outcomes += [None] * len(asked) if self.renders.budget.exhausted() else self.renders.ask_all(asked)
        return outcomes

    def _prepared(self, scenario: Scenario) -> ScenarioRender:
        try:
            if scenario.files:
                return ScenarioRender(scenario, changes=dict(self._files(scenario)))
            values = self.rendered.values_of(self._chart(scenario))
            _refuse_dots(scenario, values)
            changes = changed_files(values, (put(key, value) for key, value in nested_values(scenario.values)))
            return ScenarioRender(scenario, changes=changes, values=values)
        except AgentslintError as error:
            return ScenarioRender(scenario, unknown=str(error))

    def _chart(self, scenario: Scenario) -> HelmChartEntry:
        target = self.rendered.target
        found = [entry for entry in target.closure.charts if is_about(scenario, entry)]
        if len(found) == 1:
            return found[0]
        wanted = scenario.chart or scenario.release
        if not found:
            raise AgentslintError(f"{target.name} has no chart{f' {wanted}' if wanted else ''}")
        names = [f"{entry.name}{f' ({entry.release})' if entry.release else ''}" for entry in found]
        raise AgentslintError(f"{target.name} has several charts: {some(names)}; choose one by chart or release")

    def _files(self, scenario: Scenario) -> Iterator[tuple[str, bytes]]:
        target = self.rendered.target
        for path, other in scenario.files.items():
            if not target.closure.reads(path):
                raise AgentslintError(f"{target.name} reads no file {path}")
            try:
                yield path, files.read_in(target.root, other, files.KUSTOMIZATION)
            except OSError as error:
                raise AgentslintError(f"{other} cannot be read: {error.strerror or error}") from None


def _unlike(table: Mapping[str, Any], known: Mapping[str, Any], at: ValueKey = ()) -> Iterator[ValueKey]:
    for key, value in table.items():
        own = known.get(key)
        if isinstance(value, Mapping) and isinstance(own, Mapping):
            yield from _unlike(value, own, (*at, key))
        elif own is not None and isinstance(value, Mapping) != isinstance(own, Mapping):
            yield (*at, key)


def as_written(scenario: Scenario) -> str:
    """Return the changes of a scenario, in the words of the configuration."""
    if scenario.files:
        return some([f"{other} for {path}" for path, other in scenario.files.items()])
    return some([f"{'.'.join(key)}={_plain(value)}" for key, value in nested_values(scenario.values)])


def _refuse_dots(scenario: Scenario, values: ChartValues) -> None:
    """Raise AgentslintError for a key such as "image.tag": TOML reads it as one key with a dot, and the chart has none of this name."""
    for key, _ in nested_values(scenario.values):
        way = tuple(part for step in key for part in step.split("."))
        if way != key and not values.knows(key) and values.knows(way):
            raise AgentslintError(f"there is no value called {'.'.join(key)!r}; write it without quotes: values.{'.'.join(way)} = ...")


def _plain(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _answered(asked: ScenarioRender, outcome: Rendering | RenderFailure | None) -> ScenarioRender:
    unknown = ""
    if outcome is None:
        unknown = OUT_OF_TIME
    elif isinstance(outcome, RenderFailure) and outcome.reason != REFUSED:
        unknown, outcome = outcome.message, None
    return ScenarioRender(asked.scenario, outcome, unknown, asked.changes, asked.values)
