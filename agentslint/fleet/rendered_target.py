"""What rules are given: a target with its manifests, the facts that follow from them, and what is proven by further renders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

from agentslint.authorship.image_settings import Setting
from agentslint.experiment.renders import Renders
from agentslint.facts.context import Context
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Field, Manifest, RenderFailure, Rendering, Target

if TYPE_CHECKING:
    from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
    from agentslint.contract import Contracts


class Prover(Protocol):
    """What answers questions about a target that need further renders of it; the engine's tracer does."""

    def origins(self, rendered: TargetFacts, place: Field) -> tuple[Segment, ...]:
        """Return which authored scalar made which part of a field's text, as far as it can be proven."""

    def authored(self, rendered: TargetFacts) -> tuple[AuthoredScalar, ...]:
        """Return the scalars of a target that people wrote and that a render may depend on."""

    def overrides(self, rendered: TargetFacts) -> tuple[AuthoredScalar, ...]:
        """Return those of them that decide over resources."""

    def idle(self, rendered: TargetFacts, renders: Renders, scalars: Sequence[AuthoredScalar]) -> Collection[AuthoredScalar]:
        """Return those of some scalars of which it is proven that nothing in the render depends on them."""

    def render_changed(self, rendered: TargetFacts, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy in which the files of `changes` hold other bytes."""


class RenderedTarget(TargetFacts):
    """One target and all that it renders."""

    def __init__(
        self,
        target: Target,
        manifests: Sequence[Manifest],
        context: Context,
        rendering: Rendering | None = None,
        prover: Prover | None = None,
    ) -> None:
        super().__init__(target, manifests, context, rendering)
        self.renders = Renders(context)
        self.prover = prover

    @property
    def prover(self) -> Prover | None:
        """Who proves where fields come from; None where nothing is rendered again."""
        return self._prover

    @prover.setter
    def prover(self, prover: Prover | None) -> None:
        self._prover = prover
        self.renders.render = partial(prover.render_changed, self) if prover else None

    def origins(self, place: Field) -> tuple[Segment, ...]:
        """Return which authored scalar made which part of a field's text; nothing where that is not proven."""
        return self.prover.origins(self, place) if self.prover else ()

    def decider(self, place: Field) -> AuthoredScalar | None:
        """Return the scalar that is proven to decide a field's text, or most of the part that its span names."""
        start, end = place.span or (0, len(place.text))
        overlaps = [(segment.overlap((start, end)), segment.scalar) for segment in self.origins(place)]
        most, scalar = max(overlaps, key=lambda found: found[0], default=(0, None))
        return scalar if most > 0 else None

    @cached_property
    def authored(self) -> tuple[AuthoredScalar, ...]:
        """The scalars that people wrote and that this render may depend on, with their places."""
        return self.prover.authored(self) if self.prover else ()

    @cached_property
    def overrides(self) -> tuple[AuthoredScalar, ...]:
        """The authored scalars that decide over resources: kustomizations, values, patches, defaults of charts."""
        return self.prover.overrides(self) if self.prover else ()

    @cached_property
    def settings(self) -> Mapping[AuthoredScalar, Setting]:
        """What `overrides` set of images, as their keys say."""
        found = ((scalar, self.setting(scalar)) for scalar in self.overrides)
        return {scalar: setting for scalar, setting in found if setting}

    @cached_property
    def influence(self) -> Mapping[AuthoredScalar, tuple[Field, ...]]:
        """Authored scalar -> the image fields and claims whose text it decides."""
        found: dict[AuthoredScalar, list[Field]] = {}
        for place in (*(use.field for use in self.image_uses), *(claim.field for claim in self.claims)):
            for segment in self.origins(place):
                found.setdefault(segment.scalar, []).append(place)
        return {scalar: tuple(places) for scalar, places in found.items()}

    def idle(self, scalars: Sequence[AuthoredScalar]) -> Collection[AuthoredScalar]:
        """Return those of some scalars of which it is proven that they decide nothing: whatever they say, the render stays the same."""
        return self.prover.idle(self, self.renders, scalars) if self.prover and scalars else ()

    def probe(self, changes: Mapping[str, bytes]) -> Rendering | RenderFailure | None:
        """Return what is rendered if some files held other bytes, each question once; None where nothing can be rendered."""
        return self.renders.ask(changes)

    def probes(self, questions: Sequence[Mapping[str, bytes]]) -> list[Rendering | RenderFailure | None]:
        """Answer several questions as `probe` does; what is not known yet is rendered side by side."""
        return self.renders.ask_all(questions)

    @cached_property
    def contracts(self) -> Contracts:
        """The override contracts of the target's charts, configured and learnt, verified by probes."""
        from agentslint.contract import Contracts

        return Contracts(self, self.renders)
