"""`[[scenario]]` tables -> rules: each is asked of every target that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from agentslint.config import Scenario
from agentslint.experiment.scenarios import ScenarioRender, applies, as_written
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Certainty, Finding, Level, Location, Region, RenderFailure, Rendering
from agentslint.model.skipped import some
from agentslint.rule import Rule, Said
from agentslint.scenarios.scenario_places import failure_place, place_of

_LONGEST = 300


class ScenarioRule(Rule):
    """A render that the targets alone do not show, and what must come of it."""

    scenario: ClassVar[Scenario]
    written: ClassVar[tuple[Path | None, int]]
    """The file and the line of the configuration that it comes from."""

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
        return self._accepted(target, render) if self.scenario.expect == "fails" else self._rendered(target, render)

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
        yield self._found(target, failure_place(failure, render, target.target), message, failure.certainty)

    def _rendered(self, target: RenderedTarget, render: ScenarioRender) -> Iterator[Said]:
        return iter(())

    def _found(self, target: RenderedTarget, place: Location, message: str, certainty: Certainty = Certainty.EXACT) -> Finding:
        path, line = self.written
        root = target.target.root
        related = []
        if path and path.is_relative_to(root):
            related.append((Location(path.relative_to(root).as_posix(), Region(line, 1, line, 2)), "the scenario"))
        return self.finding(place, message, target=target.target, certainty=certainty, related=related)

    def _unknown(self, target: RenderedTarget, render: ScenarioRender, why: str) -> Said:
        message = f"cannot check {target.target.name} with {as_written(self.scenario)}: {why}"
        return self.not_checked(place_of(render, target.target), message, target=target.target)


def scenario_rule(scenario: Scenario, written: tuple[Path | None, int]) -> type[Rule]:
    """Return the rule of a scenario, which is `written` in a file, at a line."""

    class ConfiguredScenario(ScenarioRule):
        __doc__ = f"The scenario {scenario.name} of the configuration."
        level = Level(scenario.level)

    ConfiguredScenario.id = scenario.name
    ConfiguredScenario.scenario, ConfiguredScenario.written = scenario, written
    return ConfiguredScenario


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
