"""What rules are given: a target with its manifests and the facts that follow from them, each computed once, on demand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from agentslint.config import Config, Group, Members
from agentslint.images import Claim, ImageFields, ImageUse, PodSpec, claims, image_uses, may_hold_images, pod_specs
from agentslint.model import Field, HelmChartEntry, Manifest, RenderFailure, Rendering, Target, TemplateCall
from agentslint.settings import ChartScope, Setting, setting_of
from agentslint.sources import PinnedImage, SourceReference, UnrenderedTarget, authored_sources, of_one_repository, rendered_sources

if TYPE_CHECKING:
    from agentslint.contract import Contracts
    from agentslint.probe import ChartValues
    from agentslint.trace.reading import Segment
    from agentslint.trace.scalar import AuthoredScalar

Answer = TypeVar("Answer")
CRD = "CustomResourceDefinition"


@dataclass(frozen=True)
class Context:
    """What the facts of a run share: where custom resources hold images, environments and release groups."""

    image_fields: ImageFields
    config: Config = field(default_factory=Config)
    jobs: int = 1
    """How many renders may be under way at a time."""

    def environments(self, target: Target, manifest: Manifest | None = None) -> frozenset[str]:
        """Name the environments that a target (and a manifest's namespace) is in."""
        return frozenset(
            environment.name
            for environment in self.config.environments
            if _any(environment.paths, target.name)
            or (manifest is not None and _any(environment.namespaces, manifest.namespace))
            or not (environment.paths or environment.namespaces)
        )


@dataclass(frozen=True)
class ReleaseGroup:
    """What is promoted together: configured (`settings` is the table), or learnt.

    `members` are its image uses, `sources` its source references, `pins` its images in targets that did not render.
    """

    name: str
    members: tuple[ImageUse, ...]
    settings: Group | None = None
    sources: tuple[SourceReference, ...] = ()
    pins: tuple[PinnedImage, ...] = ()

    @property
    def configured(self) -> bool:
        """Whether the configuration names it."""
        return self.settings is not None

    @cached_property
    def stages(self) -> tuple[tuple[ImageUse, ...], ...]:
        """Its members in the order in which they are promoted; none where there is no order. Who fits in no stage is in none."""
        order = self.settings.order if self.settings else ()
        first = {id(use): next((number for number, stage in enumerate(order) if _belongs(use, stage)), None) for use in self.members}
        return tuple(tuple(use for use in self.members if first[id(use)] == number) for number in range(len(order)))


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
            raise ValueError(f"{self.target.name}: {documents.failures[0].message}")
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
            with ThreadPoolExecutor(max_workers=self.context.jobs) as pool:
                self._probes.update(zip(new, pool.map(lambda key: prover.render_changed(self, dict(key)), new), strict=True))
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


class Fleet:
    """All targets of a run that rendered; `unrendered` are the `discovered` ones that did not."""

    def __init__(self, targets: Iterable[RenderedTarget], context: Context, discovered: Iterable[Target] = ()) -> None:
        self.targets = tuple(targets)
        self.context = context
        rendered = {each.target.name for each in self.targets}
        self.unrendered = tuple(UnrenderedTarget(target) for target in discovered if target.name not in rendered)

    @cached_property
    def groups(self) -> tuple[ReleaseGroup, ...]:
        """The configured release groups, and those learnt from what is left."""
        taken = {id(use) for group in self._configured for use in group.members}
        learnt = [group for target in self.targets for group in _learnt(target, taken)]
        return (*self._configured, *learnt)

    @cached_property
    def source_groups(self) -> tuple[ReleaseGroup, ...]:
        """Learnt of what is in no configured group: the sources of one repository in a target, and the images of its name."""
        taken = {id(member) for group in self._configured for member in (*group.members, *group.sources, *group.pins)}

        def left(members: Iterable[Answer]) -> list[Answer]:
            return [member for member in members if id(member) not in taken]

        found = []
        for target in self.targets:
            for sources, uses in of_one_repository(left(target.sources), left(target.image_uses) if target.sources else []):
                found.append(ReleaseGroup(sources[0].name, uses, sources=sources))
        for failed in self.unrendered:
            for sources, pins in of_one_repository(left(failed.sources), left(failed.pins)):
                found.append(ReleaseGroup(sources[0].name, (), sources=sources, pins=pins))
        return tuple(found)

    @cached_property
    def _configured(self) -> tuple[ReleaseGroup, ...]:
        return tuple(
            ReleaseGroup(group.name, tuple(self._members(group)), group, tuple(self._sources(group)), tuple(self._pins(group)))
            for group in self.context.config.groups
        )

    def ask(self, question: Callable[[RenderedTarget], Answer]) -> Iterator[tuple[RenderedTarget, Answer]]:
        """Ask all targets something that may need further renders, several at a time; yields their answers in order."""
        with ThreadPoolExecutor(max_workers=self.context.jobs) as pool:
            yield from zip(self.targets, pool.map(question, self.targets), strict=True)

    def _members(self, group: Group) -> Iterator[ImageUse]:
        """Image uses of the group; one that names remotes has images only where it names images or workloads, too."""
        if group.remotes and not (group.images or group.workloads):
            return
        for target in self.targets:
            if among(target.target, group):
                yield from (use for use in target.image_uses if _belongs(use, group))

    def _sources(self, group: Group) -> Iterator[SourceReference]:
        globs = [glob.lower() for glob in group.remotes]
        targets: tuple[RenderedTarget | UnrenderedTarget, ...] = (*self.targets, *self.unrendered)
        for target in targets if globs else ():
            if among(target.target, group):
                yield from (source for source in target.sources if any(_any(globs, name) for name in source.names))

    def _pins(self, group: Group) -> Iterator[PinnedImage]:
        """What stands for image uses beside remotes: of which workload they would be is not known."""
        for target in self.unrendered if group.remotes and not group.workloads else ():
            if among(target.target, group):
                yield from (pin for pin in target.pins if _any(group.images, pin.reference.repository))


def _learnt(target: RenderedTarget, taken: set[int]) -> Iterator[ReleaseGroup]:
    """The images that one Helm release renders from one namespace of a registry."""
    found: dict[tuple[str, str], list[ImageUse]] = {}
    for use in target.image_uses:
        call = target.call_of(use.manifest) if target.calls and use.reference and id(use) not in taken else None
        if call and use.reference:
            namespace = use.reference.repository.rpartition("/")[0]
            found.setdefault((call.release, namespace), []).append(use)
    for (release, namespace), members in sorted(found.items()):
        if namespace:
            yield ReleaseGroup(f"{release} ({namespace}/*)", tuple(members))


def among(target: Target, members: Members) -> bool:
    """Tell whether images of a target may be members of a group, or of a stage of one."""
    return not members.targets or _any(members.targets, target.name)


def _belongs(use: ImageUse, members: Members) -> bool:
    repository = use.reference.repository if use.reference else use.text
    named = not members.images or _any(members.images, repository)
    return named and (not members.workloads or _any(members.workloads, use.manifest.resource)) and among(use.manifest.target, members)


def _any(globs: Iterable[str], text: str) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)
