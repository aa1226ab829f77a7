"""The input of rules: a target with its manifests, the facts that follow from them, and the proofs by extra renders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from agentslint.authorship.deployer_scalars import is_of_application
from agentslint.authorship.image_settings import Setting
from agentslint.experiment.renders import Renders
from agentslint.facts.context import Context
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Field, HelmChartEntry, Manifest, RenderFailure, Rendering, Target

if TYPE_CHECKING:
    from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
    from agentslint.contract import Contracts
    from agentslint.experiment.scenarios import Scenarios
    from agentslint.images import ImageUse
    from agentslint.trace.tracer import Tracer


class RenderedTarget(TargetFacts):
    """One target and its rendering. `renders` makes extra renders of it, which targets of the base do not need."""

    def __init__(
        self,
        target: Target,
        manifests: Sequence[Manifest],
        context: Context,
        rendering: Rendering | None = None,
        renders: Renders | None = None,
    ) -> None:
        super().__init__(target, manifests, context, rendering)
        self.is_traced = renders is not None
        self.renders = renders or Renders(context)

    @cached_property
    def tracer(self) -> Tracer:
        """Proves where the fields of the target come from."""
        from agentslint.trace.tracer import Tracer

        return Tracer(self, self.renders)

    def origins(self, place: Field) -> tuple[Segment, ...]:
        """Return which authored scalar made which part of a field's text; nothing where that is not proven."""
        return self.tracer.origins(place) if self.is_traced else ()

    def decider(self, place: Field) -> AuthoredScalar | None:
        """Return the scalar that is proven to decide a field's text, or most of the part that its span names."""
        start, end = place.span or (0, len(place.text))
        overlaps = [(segment.overlap((start, end)), segment.scalar) for segment in self.origins(place)]
        most, scalar = max(overlaps, key=lambda found: found[0], default=(0, None))
        return scalar if most > 0 else None

    @cached_property
    def authored(self) -> tuple[AuthoredScalar, ...]:
        """The authored scalars that this render may depend on, with their places."""
        return self.tracer.authored if self.is_traced else ()

    @cached_property
    def overrides(self) -> tuple[AuthoredScalar, ...]:
        """The authored scalars that override resources: kustomizations, values, patches, defaults of charts."""
        return self.tracer.overrides if self.is_traced else ()

    @cached_property
    def settings(self) -> Mapping[AuthoredScalar, Setting]:
        """The image parts that `overrides` set, as their keys say."""
        return self.tracer.settings if self.is_traced else {}

    @cached_property
    def influence(self) -> Mapping[AuthoredScalar, tuple[Field, ...]]:
        """Authored scalar -> the image fields and claims whose text it decides."""
        found: dict[AuthoredScalar, list[Field]] = {}
        for place in (*(use.field for use in self.image_uses), *(claim.field for claim in self.claims)):
            for segment in self.origins(place):
                found.setdefault(segment.scalar, []).append(place)
        return {scalar: tuple(places) for scalar, places in found.items()}

    def idle(self, scalars: Sequence[AuthoredScalar]) -> Collection[AuthoredScalar]:
        """Return those of some scalars that are proven to have no effect: with any other text, the render stays the same."""
        return self.tracer.idle(scalars) if self.is_traced and scalars else ()

    def found_by_entry(self, part: AuthoredScalar) -> Sequence[tuple[ImageUse, str]] | None:
        """Return the image uses that the `images:` entry finds to which a scalar belongs, each with its text without the entry.

        None where the target could not be rendered without the entry.
        """
        return self.tracer.found_by_entry(part) if self.is_traced else None

    def images_if_quoted(self, scalar: AuthoredScalar) -> Sequence[tuple[ImageUse, str]] | None:
        """Return the image uses that differ where quotes stand around a scalar, each with its text then; None where that is not known."""
        return self.tracer.images_otherwise(scalar, f'"{scalar.text}"') if self.is_traced else None

    @cached_property
    def pinning_scalars(self) -> tuple[AuthoredScalar, ...]:
        """The authored scalars with a digest that are not the deployer's own."""
        from agentslint.fleet.taken_digests import pinning_scalars

        return tuple(pinning_scalars(self))

    @cached_property
    def emptied_pins(self) -> tuple[tuple[Setting, Setting], ...]:
        """The digests of the deployer, of values and of kustomizations that hold nothing, each with the one that it takes away."""
        from agentslint.fleet.taken_digests import emptied_pins

        empty = list(filter(self._is_own, self.tracer.changeable.emptied if self.is_traced else ()))
        digests = [found for each in empty if (found := self.setting(each)) and found.part == "digest" and not found.entry]
        return tuple(emptied_pins(self, digests, [each for each in empty if each.style == "null"]))

    @property
    def deployed_images(self) -> tuple[AuthoredScalar, ...]:
        """The names of the images that its deployer sets: of Argo CD the whole texts that begin with them."""
        found = self.tracer.changeable.deployed_image_names if self.is_traced else ()
        return tuple(filter(self._is_own, found))

    def _is_own(self, scalar: AuthoredScalar) -> bool:
        """Whether a scalar of a deployer belongs to the application that is judged: its file may hold others."""
        deployed = self.target.deployed
        if deployed is None or scalar.layer.value != "deployer":
            return True
        return is_of_application(scalar.path, scalar.key_path, deployed.application)

    def taken_digest(self, use: ImageUse) -> tuple[AuthoredScalar, AuthoredScalar] | None:
        """Return the scalar that takes an image's digest away, and the one that would pin it; None where none would."""
        from agentslint.fleet.taken_digests import taken_digest

        return taken_digest(self, use)

    def manifests_with(self, entry: HelmChartEntry, key: tuple[str, ...], value: object) -> Sequence[Manifest] | None:
        """Return the manifests that it would render with another value of a chart; None where it does not, or that is not known."""
        from agentslint.experiment.other_value import manifests_with

        return manifests_with(self.renders, self.values_of(entry), key, value) if self.is_traced else None

    def probe(self, changes: Mapping[str, bytes]) -> Rendering | RenderFailure | None:
        """Return the rendering if some files held other bytes, each question once; None if nothing can be rendered."""
        return self.renders.ask(changes)

    def probes(self, questions: Sequence[Mapping[str, bytes]]) -> list[Rendering | RenderFailure | None]:
        """Answer several questions as `probe` does; new ones are rendered in parallel."""
        return self.renders.ask_all(questions)

    @cached_property
    def scenarios(self) -> Scenarios:
        """The `[[scenario]]` tables of the configuration over the target, rendered."""
        from agentslint.experiment.scenarios import Scenarios

        return Scenarios(self, self.renders)

    @cached_property
    def contracts(self) -> Contracts:
        """The override contracts of the target's charts, configured and learnt, verified by probes."""
        from agentslint.contract import Contracts

        return Contracts(self, self.renders)
