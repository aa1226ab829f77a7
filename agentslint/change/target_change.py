"""One target at the base and now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from msgspec import Struct

from agentslint.change.image_changes import ClaimChange, ImageChange, ManifestChange, claim_changes, image_changes, manifest_changes
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Location, RenderFailure, Target

T = TypeVar("T")
Side = RenderedTarget | RenderFailure


class SideRequest(Struct, frozen=True):
    """One side of a target that has to be rendered: as it was at the base, or as it is."""

    target: Target
    at_base: bool = False


RenderSides = Callable[[Sequence[SideRequest]], Iterable[Side]]
"""Renders sides and yields them in the same order; one with a document that cannot be read is a failure."""


class TargetChange(Struct, frozen=True, eq=False, dict=True):
    """A target of which some file differs, as it rendered at the base and as it renders now.

    A side is None where the target is not there, and where it does not render: then the side's failure says why. The engine has reported a
    failed side as not checked; nothing is known of what changes in such a target, and the pairs are empty. `files` are the changed files
    that it reads, then or now.
    """

    base: RenderedTarget | None
    head: RenderedTarget | None
    base_failure: RenderFailure | None = None
    head_failure: RenderFailure | None = None
    files: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        """The target of today, else that of the base."""
        found = self.head or self.head_failure or self.base or self.base_failure
        assert found is not None
        return found.target

    @property
    def name(self) -> str:
        """The target's name of today, else that of the base."""
        return self.target.name

    @property
    def was(self) -> str:
        """The name that a target had at the base and no longer has; empty where it has not moved."""
        before = self.base or self.base_failure
        now = self.head or self.head_failure
        return before.target.name if before and now and before.target.name != now.target.name else ""

    @property
    def appears(self) -> bool:
        """Whether there was no such target at the base."""
        return not (self.base or self.base_failure)

    @property
    def disappears(self) -> bool:
        """Whether there is no such target any more."""
        return not (self.head or self.head_failure)

    @property
    def is_whole(self) -> bool:
        """Whether each side that is there rendered."""
        return not (self.base_failure or self.head_failure)

    @property
    def is_same(self) -> bool:
        """Whether both sides rendered, byte for byte the same."""
        streams = [side.rendering.stream for side in (self.base, self.head) if side and side.rendering]
        return self.is_whole and len(streams) == 2 and streams[0] == streams[1]

    @property
    def place(self) -> Location:
        """Where a finding about the target as a whole belongs."""
        from agentslint.authorship.lines import target_location

        return target_location(self.target)

    @cached_property
    def images(self) -> tuple[ImageChange, ...]:
        """Every image use of both sides, those that stayed included."""
        return image_changes(*self._facts(lambda side: side.image_uses))

    @cached_property
    def claims(self) -> tuple[ClaimChange, ...]:
        """Every claim of both sides."""
        return claim_changes(*self._facts(lambda side: side.claims))

    @cached_property
    def manifests(self) -> tuple[ManifestChange, ...]:
        """Every manifest of both sides; CustomResourceDefinitions only where a rule names them in its `kinds`."""
        return manifest_changes(*self._facts(lambda side: side.manifests))

    @cached_property
    def crds(self) -> tuple[ManifestChange, ...]:
        """Every CustomResourceDefinition of both sides, read when first asked for."""
        return manifest_changes(*self._facts(lambda side: side.crds))

    def _facts(self, of: Callable[[RenderedTarget], Sequence[T]]) -> tuple[Sequence[T], Sequence[T]]:
        base, head = (self.base, self.head) if self.is_whole else (None, None)
        return of(base) if base else (), of(head) if head else ()
