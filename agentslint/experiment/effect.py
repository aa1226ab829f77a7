"""The effect of an authored scalar on one target: other texts are tried in its place until one makes a difference."""

from __future__ import annotations

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.edits import edited
from agentslint.experiment.marks import of_another, of_same_shape
from agentslint.experiment.renders import Renders
from agentslint.facts.differences import differences
from agentslint.facts.stream import read_manifests
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import RenderFailure, Rendering


def effect_of(rendered: TargetFacts, renders: Renders, scalar: AuthoredScalar) -> list[str] | str:
    """Return the differences for the first text that makes any; or why there are none, where the target renders with none of its shape."""
    refusal = f"{scalar.text!r} cannot be changed"
    for text in of_same_shape(scalar):
        outcome = _outcome(rendered, renders, scalar, text)
        if isinstance(outcome, Rendering):
            return _differences(rendered, outcome) or _with_another(rendered, renders, scalar)
        if outcome is not None:
            refusal = f"{rendered.target.name} does not render with another value: {outcome.message}"
    return refusal


def _with_another(rendered: TargetFacts, renders: Renders, scalar: AuthoredScalar) -> list[str]:
    outcomes = (_outcome(rendered, renders, scalar, text) for text in of_another(scalar))
    return next((found for each in outcomes if isinstance(each, Rendering) and (found := _differences(rendered, each))), [])


def _differences(rendered: TargetFacts, outcome: Rendering) -> list[str]:
    return list(differences(rendered.manifests, read_manifests(outcome, lambda kind: True).manifests))


def _outcome(rendered: TargetFacts, renders: Renders, scalar: AuthoredScalar, text: str) -> Rendering | RenderFailure | None:
    """The rendering with another text; a plain manifest renders to itself."""
    data = edited(files.read_in(rendered.target.root, scalar.path), [(scalar.region, text)])
    if rendered.target.is_built:
        return renders.ask({scalar.path: data}, remember=False)
    return Rendering(rendered.target, data)
