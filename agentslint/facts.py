"""What rules are given: a target with its manifests and the facts that follow from them, each computed once, on demand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from agentslint.config import Config
from agentslint.images import Claim, ImageFields, ImageUse, PodSpec, claims, image_uses, may_hold_images, pod_specs
from agentslint.model import Field, HelmChartEntry, Manifest, RenderFailure, Rendering, Target, TemplateCall
from agentslint.parallel import each
from agentslint.settings import ChartScope, Setting, setting_of
from agentslint.sources import SourceReference, authored_sources, rendered_sources

if TYPE_CHECKING:
    from agentslint.contract import Contracts
    from agentslint.probe import ChartValues
    from agentslint.trace.reading import Segment
    from agentslint.trace.scalar import AuthoredScalar

CRD = "CustomResourceDefinition"


@dataclass(frozen=True)
class Context:
    """What the facts of a run share: where custom resources hold images, environments and release groups."""

    image_fields: ImageFields
    config: Config = field(default_factory=Config)
    jobs: int = 1
    """How many renders may be under way at a time."""
    stop: Callable[[], None] = lambda: None
    """Ends the renders that are under way."""

    def environments(self, target: Target, manifest: Manifest | None = None) -> frozenset[str]:
        """Name the environments that a target (and a manifest's namespace) is in."""
        return frozenset(
            environment.name
            for environment in self.config.environments
            if any_names(environment.paths, target.name)
            or (manifest is not None and any_names(environment.namespaces, manifest.namespace))
            or not (environment.paths or environment.namespaces)
        )


class Prover(Protocol):
    """What answers questions about a target that need further renders of it; the engine's tracer does."""

    def origins(self, rendered: RenderedTarget, place: Field) -> tuple[Segment, ...]:
        """Return which authored scalar made which part of a field's text, as far as it can be proven."""

    def authored(self, rendered: RenderedTarget) -> tuple[AuthoredScalar, ...]:
        """Return the scalars of a target that people wrote and that a render may depend on."""

    def overrides(self, rendered: RenderedTarget) -> tuple[AuthoredScalar, ...]:
        """Return those of them that decide over resources."""

    def idle(self, rendered: RenderedTarget, scalars: Sequence[AuthoredScalar]) -> Collection[AuthoredScalar]:
        """Return those of some scalars of which it is proven that nothing in the render depends on them."""

    def render_changed(self, rendered: RenderedTarget, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy in which the files of `changes` hold other bytes."""


class RenderedTarget:
    """One target and all that it renders."""

    def __init__(
        self,
        target: Target,
        manifests: Sequence[Manifest],
        context: Context,
        rendering: Rendering | None = None,
        prover: Prover | None = None,
    ) -> None:
        self.target = target
        self.prover = prover
        self._probes: dict[tuple[tuple[str, bytes], ...], Rendering | RenderFailure] = {}
        self._values: dict[HelmChartEntry, ChartValues] = {}
        self.manifests = tuple(manifests)
        self.context = context
        self.rendering = rendering

    @cached_property
    def image_uses(self) -> tuple[ImageUse, ...]:
        """Every place where a manifest names an image."""
        return tuple(use for manifest in self._with_images for use in image_uses(manifest, self.context.image_fields))

    @cached_property
    def sources(self) -> tuple[SourceReference, ...]:
        """What it takes from repositories elsewhere, and at which revision."""
        rendered = (source for manifest in self.manifests for source in rendered_sources(manifest))
        return (*authored_sources(self.target), *rendered)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Environment variables, arguments and annotations that repeat a digest, a SHA or a tag."""
        return tuple(claim for manifest in self._with_images for claim in claims(manifest, self.context.image_fields))

    @cached_property
    def pods(self) -> tuple[PodSpec, ...]:
        """Every pod spec, wherever it sits."""
        return tuple(pod for manifest in self._with_images for pod in pod_specs(manifest, self.context.image_fields))

    @cached_property
    def _with_images(self) -> tuple[Manifest, ...]:
        """The manifests that may name an image; the others are not parsed."""
        return tuple(manifest for manifest in self.manifests if may_hold_images(manifest.head, self.context.image_fields))

    @cached_property
    def crds(self) -> tuple[Manifest, ...]:
        """Its CustomResourceDefinitions, read when first asked for: they are most of the bytes of many a render.

        Raises ValueError where one cannot be read.
        """
        known = tuple(self.of_kind(CRD))
        if known or self.rendering is None:
            return known
        from agentslint.manifests import read_manifests

        documents = read_manifests(self.rendering, lambda kind: kind == CRD)
        if documents.failures:
            # A document of no kind was told when the others were read; it is no reason to know nothing of the definitions.
            told = read_manifests(self.rendering, lambda kind: kind != CRD).failures
            if unknown := [failure for failure in documents.failures if failure not in told]:
                raise ValueError(f"{self.target.name}: {unknown[0].message}")
        # They are none of `manifests`, which are numbered from 0.
        return tuple(crd.numbered(-1 - crd.index) for crd in documents.manifests)

    @property
    def read_crds(self) -> tuple[Manifest, ...]:
        """Those that somebody has asked for so far."""
        found: tuple[Manifest, ...] = self.__dict__["crds"] if "crds" in self.__dict__ else tuple(self.of_kind(CRD))
        return found

    def of_kind(self, *kinds: str) -> Iterator[Manifest]:
        """Yield the manifests of these kinds."""
        return (manifest for manifest in self.manifests if manifest.kind in kinds)

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

    def setting(self, scalar: AuthoredScalar) -> Setting | None:
        """Return what one scalar sets of an image; None where its key speaks of none."""
        return setting_of(scalar, self.charts_of(scalar))

    def charts_of(self, scalar: AuthoredScalar) -> frozenset[HelmChartEntry]:
        """Return the charts of whose values a scalar is a part."""
        return frozenset(scope.entry for scope in self._scopes if scope.holds(scalar))

    @cached_property
    def _scopes(self) -> tuple[ChartScope, ...]:
        entries = self.target.closure.charts
        files = (frozenset(layer.path for layer in self.values_of(entry).layers if not layer.prefix) for entry in entries)
        return tuple(map(ChartScope, entries, files))

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
        return self.prover.idle(self, scalars) if self.prover and scalars else ()

    def probe(self, changes: Mapping[str, bytes]) -> Rendering | RenderFailure | None:
        """Return what is rendered if some files held other bytes, each question once; None where nothing can be rendered."""
        return self.probes([changes])[0]

    def probes(self, questions: Sequence[Mapping[str, bytes]]) -> list[Rendering | RenderFailure | None]:
        """Answer several questions as `probe` does; what is not known yet is rendered side by side."""
        if self.prover is None:
            return [None] * len(questions)
        prover, keys = self.prover, [tuple(sorted(changes.items())) for changes in questions]
        new = [key for key in dict.fromkeys(keys) if key not in self._probes]
        if len(new) == 1:
            self._probes[new[0]] = prover.render_changed(self, dict(new[0]))
        elif new:
            outcomes = each(lambda key: prover.render_changed(self, dict(key)), new, self.context.jobs, self.context.stop)
            self._probes.update(zip(new, outcomes, strict=True))
        return [self._probes[key] for key in keys]

    def values_of(self, entry: HelmChartEntry) -> ChartValues:
        """The values of one chart of the target, layer by layer."""
        from agentslint.probe import ChartValues

        if entry not in self._values:
            self._values[entry] = ChartValues(self.target, entry)
        return self._values[entry]

    @cached_property
    def contracts(self) -> Contracts:
        """The override contracts of the target's charts, configured and learnt, verified by probes."""
        from agentslint.contract import Contracts

        return Contracts(self)

    @cached_property
    def calls(self) -> tuple[TemplateCall, ...]:
        """The helm calls of this render, as the shim kept them."""
        from agentslint.render.sidecar import read_calls

        return read_calls(self.rendering.calls) if self.rendering and self.rendering.calls else ()

    def call_of(self, manifest: Manifest) -> TemplateCall | None:
        """Return the helm call that made a manifest (kustomize may have put something around its name), or None.

        A document of the chart that is rendered under its own name cannot be another one renamed.
        """
        exact = (call for call in self.calls if (manifest.kind, manifest.name) in call.sources)
        return next(exact, None) or next((call for call in self.calls if self._renamed(call, manifest)), None)

    def _renamed(self, call: TemplateCall, manifest: Manifest) -> bool:
        return any(kind == manifest.kind and name in manifest.name and (kind, name) not in self._names for kind, name in call.sources)

    @cached_property
    def _names(self) -> frozenset[tuple[str, str]]:
        return frozenset((manifest.kind, manifest.name) for manifest in self.manifests)

    def __repr__(self) -> str:
        return f"<RenderedTarget {self.target.name}: {len(self.manifests)} manifests>"


def any_names(globs: Iterable[str], text: str) -> bool:
    """Tell whether one of the globs names a text."""
    return any(fnmatchcase(text, glob) for glob in globs)
