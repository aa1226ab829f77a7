"""`[[scenario]]` tables -> rules: each is asked of every target that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace

from agentslint.asserts import AssertRule
from agentslint.config import Loaded, Scenario
from agentslint.config.rule_ids import check_id
from agentslint.experiment.scenario_scope import applies
from agentslint.experiment.scenarios import ScenarioRender, as_written
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Certainty, Finding, Level, Location, NotChecked, Place, Region, RenderFailure, Rendering
from agentslint.model.skipped import some
from agentslint.rule import Rule, Said
from agentslint.scenarios.scenario_asserts import Asserts, conditions
from agentslint.scenarios.scenario_places import failure_place, place_of
from agentslint.scenarios.scenario_target import ScenarioTarget

_LONGEST = 300
_BROKEN = " renders to broken YAML "
"""In the message of a failure whose template printed no YAML."""


class ScenarioRule(Rule):
    """A render that the targets alone do not show, and what must come of it."""

    tags = ("scenario",)
    scenario: ClassVar[Scenario]
    written: ClassVar[tuple[Path | None, int]]
    """The file and the line of the configuration that it comes from."""
    written_as: ClassVar[str] = "the scenario"
    """What reports call that place."""
    conditions: ClassVar[Sequence[type[AssertRule]]] = ()

    def check_target(self, target: RenderedTarget) -> Iterator[Said]:
        """Render the scenario over a target that it is about, and judge what comes of it."""
        if applies(self.scenario, target.target):
            yield from self._judged(target, target.scenarios.of(self.scenario))

    def _judged(self, target: RenderedTarget, render: ScenarioRender) -> Iterable[Said]:
        if render.unknown:
            return [self._unknown(target, render, render.unknown)]
        if render.unheard_of and _changes_nothing(render, target):
            return [self._unknown(target, render, f"neither the target nor the chart has {some(render.unheard_of)}")]
        if isinstance(render.outcome, RenderFailure):
            return self._refused(target, render, render.outcome)
        if self.scenario.expect == "fails" or render.outcome is None:
            return self._accepted(target, render)
        return self._rendered(target, render, render.outcome)

    def _accepted(self, target: RenderedTarget, render: ScenarioRender) -> Iterator[Said]:
        message = f"{_subject(target, render)} renders with {as_written(self.scenario)}: let the chart refuse it"
        yield self._found(target, place_of(render, target.target), message)

    def _refused(self, target: RenderedTarget, render: ScenarioRender, failure: RenderFailure) -> Iterator[Said]:
        wanted = self.scenario.message
        said = f"{failure.message}\n{failure.details}"
        if self.scenario.expect == "fails" and (wanted is None or _words(wanted) in _words(said)):
            return
        found = f"{_subject(target, render)} does not render with {as_written(self.scenario)}"
        if wanted is None:
            message = f"{found}: {_short(failure.message)}"
        else:
            message = f"{found}, but for another reason than {wanted!r}: {_short(failure.message)}"
        place, certainty = failure_place(failure, render, target.target), failure.certainty
        if render.unlike and _BROKEN in failure.message and (own := self._own_place(target)):
            # The template prints one value where the scenario has a mapping: it is the scenario that is wrong.
            place, certainty = own, Certainty.EXACT
            message = f"{found}: {some(render.unlike)} is a mapping in one of the scenario and the target, and none in the other"
        yield self._found(target, place, message, certainty)

    def _rendered(self, target: RenderedTarget, render: ScenarioRender, outcome: Rendering) -> Iterator[Said]:
        """Ask the conditions of the rendering."""
        if not self.conditions:
            return
        there = ScenarioTarget(target, outcome, render.changes)
        for failure in there.unreadable:
            yield self._unknown(target, render, failure.message)
        for kind in self.conditions:
            rule = kind()
            for said in rule.check_target(there):
                yield self._taken(said, there, render)
            if rule.id not in there.context.with_subject:
                yield self._unknown(target, render, f"{rule.id} has nothing to judge there")

    def _taken(self, said: Said, there: ScenarioTarget, render: ScenarioRender) -> Said:
        """A finding of a condition as one of the scenario, at an authored place."""
        found = said.finding if isinstance(said, NotChecked) else said
        place, certainty = there.authored_place(found.place)
        message = f"{found.message} (with {as_written(self.scenario)})"
        if isinstance(said, NotChecked):
            return self.not_checked(place, message, target=there.target)
        related = [(there.authored_place(other.place)[0], other.message) for other in found.related]
        return replace(self._found(there, place, message, certainty, related), image=found.image, container=found.container)

    def _found(
        self,
        target: RenderedTarget,
        place: Place,
        message: str,
        certainty: Certainty = Certainty.EXACT,
        related: Sequence[tuple[Place, str]] = (),
    ) -> Finding:
        written = self._own_place(target)
        own = [(written, self.written_as)] if written and written != place else []
        return self.finding(place, message, target=target.target, certainty=certainty, related=[*related, *own])

    def _own_place(self, target: RenderedTarget) -> Location | None:
        """Where the scenario is written, if that is in the repository."""
        path, line = self.written
        root = target.target.root
        inside = path.relative_to(root).as_posix() if path and path.is_relative_to(root) else None
        return Location(inside, Region(line, 1, line, 2)) if inside else None

    def _unknown(self, target: RenderedTarget, render: ScenarioRender, why: str) -> Said:
        message = f"cannot check {target.target.name} with {as_written(self.scenario)}: {why}"
        return self.not_checked(place_of(render, target.target), message, target=target.target)


def scenario_rules(loaded: Loaded, taken: Collection[str], asserts: Asserts) -> list[type[Rule]]:
    """Make a rule of each scenario; raises UsageError for a name that is `taken`, and for an assert that there is not."""
    rules: dict[str, type[Rule]] = {}
    for number, scenario in enumerate(loaded.config.scenario):
        check_id(loaded, "scenario", number, rules, taken)
        rules[scenario.name] = _rule(loaded, number, conditions(loaded, number, asserts))
    return list(rules.values())


def _rule(loaded: Loaded, number: int, asked: Sequence[type[AssertRule]]) -> type[Rule]:
    scenario = loaded.config.scenario[number]

    class ConfiguredScenario(ScenarioRule):
        __doc__ = _page(scenario, loaded)
        # Its page is none of ours: a link in it is that of the rule.
        __module__ = "configuration"
        level = Level(scenario.level)

    ConfiguredScenario.id = scenario.name
    ConfiguredScenario.configured_at = ("scenario", number)
    ConfiguredScenario.scenario, ConfiguredScenario.written = scenario, loaded.place("scenario", number)
    ConfiguredScenario.conditions = asked
    if loaded.origin("scenario", number)[0].path is None:
        ConfiguredScenario.written_as = f"the scenario, {loaded.where('scenario', number)}"
    return ConfiguredScenario


def _page(scenario: Scenario, loaded: Loaded) -> str:
    """The page of the rule, in Markdown."""
    where = f"`{scenario.target}`" if scenario.target is not None else f"every target with the chart `{scenario.chart}`"
    wanted = "must be refused" if scenario.expect == "fails" else "must render"
    said = f", with an error that contains `{scenario.message}`" if scenario.message else ""
    at = loaded.where("scenario", loaded.config.scenario.index(scenario))
    return f"With {as_written(scenario)}, {where} {wanted}{said}.\n\n## Scenario\nA scenario of {at}, rendered besides the target itself."


def _subject(target: RenderedTarget, render: ScenarioRender) -> str:
    return f"chart {render.values.entry.name} of {target.target.name}" if render.values else target.target.name


def _changes_nothing(render: ScenarioRender, target: RenderedTarget) -> bool:
    plain = target.rendering
    return isinstance(render.outcome, Rendering) and plain is not None and render.outcome.stream == plain.stream


def _words(text: str) -> str:
    """A text with single blanks: the renderer breaks and indents long lines."""
    return " ".join(text.split())


def _short(text: str) -> str:
    words = _words(text)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3]}..."
