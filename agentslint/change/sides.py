"""The outcome of a render -> one side of a comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agentslint.authorship.lines import whole_target
from agentslint.change.target_change import Side
from agentslint.facts.context import Context
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import RenderFailure, Rendering, Target

Adopt = Callable[[RenderedTarget], None]


@dataclass(frozen=True)
class Rendered:
    """Reads what was rendered: the manifests of the kinds that are `wanted`, for facts of this `context`."""

    wanted: Callable[[str], bool]
    context: Context
    adopt: Adopt = lambda rendered: None
    """Takes a target of today that was rendered for the comparison alone, before anybody asks for its facts."""

    def __call__(self, outcome: Rendering | RenderFailure) -> Side:
        """Return the target with its manifests; one with a document that cannot be read is not known whole, and so a failure."""
        if isinstance(outcome, RenderFailure):
            return outcome
        documents = read_manifests(outcome, self.wanted)
        if documents.failures:
            first = documents.failures[0]
            return RenderFailure(outcome.target, "yaml", first.message, first.location or whole_target(outcome.target))
        return RenderedTarget(outcome.target, documents.manifests, self.context, outcome)

    @staticmethod
    def failure(target: Target, reason: str) -> RenderFailure:
        """Return the side of a target that cannot be rendered at all."""
        return RenderFailure(target, "git", reason, whole_target(target))
