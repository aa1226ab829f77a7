"""The places of a scenario: authored ones, although its rendering is one that nobody deploys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentslint.authorship.chart_values import ValueKey
from agentslint.authorship.lines import chart_entry, target_location
from agentslint.experiment.scenarios import ScenarioRender
from agentslint.model import Location, RenderFailure, Target


def value_places(render: ScenarioRender) -> Iterator[Location]:
    """Yield where the values that a scenario changes are written now, the chart's own last; nothing for those that stand nowhere."""
    found = [place for key in render.keys if render.values and (place := render.values.location(key))]
    yield from dict.fromkeys(found)


def place_of(render: ScenarioRender, target: Target) -> Location:
    """Return the first value that a scenario changes, else the entry of its chart, else the target."""
    if place := next(value_places(render), None):
        return place
    return chart_entry(render.values.entry, target.root) if render.values else target_location(target)


def failure_place(failure: RenderFailure, render: ScenarioRender, target: Target) -> Location:
    """Return where a render failed: of a file that the scenario changes, the value that the error names, for its lines are others."""
    if failure.location.path in render.changes:
        named = (key for key in render.keys if _names(f"{failure.message}\n{failure.details}", key))
        places = (place for key in named if render.values and (place := render.values.location(key)))
        return next(places, None) or place_of(render, target)
    return Location(failure.location.path, failure.location.region)


def _names(text: str, key: ValueKey) -> bool:
    """Tell whether an error names a value, as templates do (`grpc.port`) or as a schema does (`/grpc/port`)."""
    dotted, pointer = re.escape(".".join(key)), re.escape("/".join(key))
    return re.search(rf"(?<![\w.-]){dotted}(?![\w-])|(?<!\w)/{pointer}(?![\w/-])", text) is not None
