"""What rules are given: a target with its manifests and the facts that follow from them, each computed once, on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from agentslint.config import Config, Group
from agentslint.images import Claim, ImageFields, ImageUse, PodSpec, claims, image_uses, may_hold_images, pod_specs
from agentslint.model import Field, Manifest, RenderFailure, Rendering, Target, TemplateCall

if TYPE_CHECKING:
    from agentslint.trace.reading import Segment
    from agentslint.trace.scalar import AuthoredScalar


@dataclass(frozen=True)
class Context:
    """What the facts of a run share: where custom resources hold images, environments and release groups."""

    image_fields: ImageFields
    config: Config = field(default_factory=Config)

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
    """Image uses that are promoted together: configured, or learnt from one Helm release."""

    name: str
    members: tuple[ImageUse, ...]
    configured: bool


class Prover(Protocol):
    """What answers questions about a target that need further renders of it; the engine's tracer does."""

    def origins(self, rendered: RenderedTarget, place: Field) -> tuple[Segment, ...]:
        """Return which authored scalar made which part of a field's text, as far as it can be proven."""

    def authored(self, rendered: RenderedTarget) -> tuple[AuthoredScalar, ...]:
        """Return the scalars of a target that people wrote and that a render may depend on."""

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
        self.manifests = tuple(manifests)
        self.context = context
        self.rendering = rendering

    @cached_property
    def image_uses(self) -> tuple[ImageUse, ...]:
        """Every place where a manifest names an image."""
        fields = self.context.image_fields
        return tuple(use for manifest in self.manifests if may_hold_images(manifest.head, fields) for use in image_uses(manifest, fields))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Environment variables, arguments and annotations that repeat a digest, a SHA or a tag."""
        fields = self.context.image_fields
        return tuple(claim for manifest in self.manifests if may_hold_images(manifest.head, fields) for claim in claims(manifest, fields))

    @cached_property
    def pods(self) -> tuple[PodSpec, ...]:
        """Every pod spec, wherever it sits."""
        fields = self.context.image_fields
        return tuple(pod for manifest in self.manifests if may_hold_images(manifest.head, fields) for pod in pod_specs(manifest, fields))

    def of_kind(self, *kinds: str) -> Iterator[Manifest]:
        """Yield the manifests of these kinds."""
        return (manifest for manifest in self.manifests if manifest.kind in kinds)

    def origins(self, place: Field) -> tuple[Segment, ...]:
        """Return which authored scalar made which part of a field's text; nothing where that is not proven."""
        return self.prover.origins(self, place) if self.prover else ()

    @cached_property
    def authored(self) -> tuple[AuthoredScalar, ...]:
        """The scalars that people wrote and that this render may depend on, with their places."""
        return self.prover.authored(self) if self.prover else ()

    @cached_property
    def influence(self) -> Mapping[AuthoredScalar, tuple[Field, ...]]:
        """Authored scalar -> the image fields and claims whose text it decides."""
        found: dict[AuthoredScalar, list[Field]] = {}
        for place in (*(use.field for use in self.image_uses), *(claim.field for claim in self.claims)):
            for segment in self.origins(place):
                found.setdefault(segment.scalar, []).append(place)
        return {scalar: tuple(places) for scalar, places in found.items()}

    def probe(self, changes: Mapping[str, bytes]) -> Rendering | RenderFailure | None:
        """Return what is rendered if some files held other bytes, each question once; None where nothing can be rendered."""
        if self.prover is None:
            return None
        question = tuple(sorted(changes.items()))
        if question not in self._probes:
            self._probes[question] = self.prover.render_changed(self, changes)
        return self._probes[question]

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
    """All targets of a run that rendered."""

    def __init__(self, targets: Iterable[RenderedTarget], context: Context) -> None:
        self.targets = tuple(targets)
        self.context = context

    @cached_property
    def groups(self) -> tuple[ReleaseGroup, ...]:
        """The configured release groups, and those learnt from what is left."""
        configured = [ReleaseGroup(group.name, tuple(self._members(group)), True) for group in self.context.config.groups]
        taken = {id(use) for group in configured for use in group.members}
        learnt = [group for target in self.targets for group in _learnt(target, taken)]
        return (*configured, *learnt)

    def _members(self, group: Group) -> Iterator[ImageUse]:
        for target in self.targets:
            if not group.targets or _any(group.targets, target.target.name):
                for use in target.image_uses:
                    if _belongs(use, group):
                        yield use


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
            yield ReleaseGroup(f"{release} ({namespace}/*)", tuple(members), False)


def _belongs(use: ImageUse, group: Group) -> bool:
    repository = use.reference.repository if use.reference else use.text
    return (not group.images or _any(group.images, repository)) and (not group.workloads or _any(group.workloads, use.manifest.resource))


def _any(globs: Iterable[str], text: str) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)
