"""A generator that is asked for its elements, as it is written and as it is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from agentslint.deploy.sets.expansion import Fault, NotJudged, SetPlace
from agentslint.deploy.sets.filling import Filler
from agentslint.deploy.sets.found import FoundElement, Stop
from agentslint.deploy.sets.surroundings import Surroundings
from agentslint.deploy.sets.templated import shown
from agentslint.places import Pointer

KINDS = (
    "list", "clusters", "git", "scmProvider", "clusterDecisionResource", "pullRequest", "matrix", "merge", "plugin",
)  # fmt: skip
"""In the order in which Argo CD asks them, where an item of the list names several."""
MOST = 5000
"""Elements of a set, or of a matrix: more are not expanded."""
OUTSIDE = {
    "scmProvider": "it asks a code host for repositories",
    "pullRequest": "it asks a code host for pull requests",
    "clusterDecisionResource": "it asks a cluster for a resource",
    "plugin": "it asks a service",
}
"""Why some generators cannot be judged offline."""


class GeneratorCall(Struct, frozen=True):
    """One kind of generator: its settings, its place in the set, and how many matrices and merges are around it."""

    kind: str
    settings: Mapping[str, Any]
    pointer: Pointer
    depth: int = 0

    def place(self, *steps: str | int) -> SetPlace:
        """Return the place of a setting."""
        return SetPlace("", (*self.pointer, *steps))

    def fault(self, message: str, *steps: str | int) -> Stop:
        """Stop with an error of Argo CD."""
        return Stop(Fault(message, self.place(*steps)))

    def not_judged(self, reason: str, *steps: str | int) -> Stop:
        """Stop because something is not known here."""
        return Stop(NotJudged(f"the {self.kind} generator", reason, self.place(*steps)))


class SetContext(Struct, frozen=True):
    """The parts of a set that every generator needs."""

    go: bool
    filler: Filler
    surroundings: Surroundings


def with_values(
    context: SetContext, asked: list[GeneratorCall], outcomes: list[list[FoundElement] | Stop]
) -> list[list[FoundElement] | Stop]:
    """Give each element the generator's `values`, filled in with its own parameters; all of them at once."""
    wanted = [
        (number, found, key, text)
        for number, (each, outcome) in enumerate(zip(asked, outcomes, strict=True))
        for found in (outcome if isinstance(outcome, list) else ())
        for key, text in (each.settings.get("values") or {}).items()
    ]
    filled = context.filler.fill([(text, found.parameters) for _, found, _, text in wanted])
    values: dict[int, dict[str, str]] = {}
    stops: dict[int, Stop] = {}
    for (number, found, key, text), each in zip(wanted, filled, strict=True):
        if each.text is None:
            stops.setdefault(number, stopped(asked[number], each.error, each.not_judged, shown(text), "values", key))
        else:
            values.setdefault(id(found), {})[key] = each.text
    return [
        stops.get(number) or ([_given(context, asked[number], found, values.get(id(found), {})) for found in outcome])
        if isinstance(outcome, list)
        else outcome
        for number, outcome in enumerate(outcomes)
    ]


def stopped(asked: GeneratorCall, error: str, not_judged: str, subject: str, *steps: str | int) -> Stop:
    """Stop because a template of the generator fails."""
    return asked.fault(f"{subject}: {error}", *steps) if error else asked.not_judged(f"{subject}: {not_judged}", *steps)


def _given(context: SetContext, asked: GeneratorCall, found: FoundElement, values: dict[str, str]) -> FoundElement:
    if not values:
        return found
    if context.go:
        places: dict[Pointer, SetPlace] = {("values", key): asked.place("values", key) for key in values}
        places["values",] = asked.place("values")
        return found.plus({"values": values}, places, frozenset((("values",),)))
    return found.plus(
        {f"values.{key}": each for key, each in values.items()}, {(f"values.{key}",): asked.place("values", key) for key in values}
    )
