"""Images, claims and manifests at the base and now."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from agentslint.facts.counterparts import paired, paired_manifests
from agentslint.images import Claim, ImageUse, bare_sha, git_sha
from agentslint.model import Manifest
from agentslint.places import by_name

Thing = TypeVar("Thing")


class _Sides(Struct, Generic[Thing], frozen=True):
    """The same thing on both sides; None where it is not there."""

    base: Thing | None
    head: Thing | None

    @property
    def _known(self) -> Thing:
        """That of today, else that of the base."""
        found = self.head or self.base
        assert found is not None
        return found


class ImageChange(_Sides[ImageUse], frozen=True):
    """One place that names an image, at the base and now; None on the side on which there is none."""

    @property
    def use(self) -> ImageUse:
        """The use of today, else that of the base."""
        return self._known

    @property
    def differs(self) -> bool:
        """Whether another image is named, be it by one part of its reference."""
        return self.base is None or self.head is None or self.base.text != self.head.text

    @property
    def target(self) -> str:
        """The name of the target that it is in."""
        return self.use.manifest.target.name

    @property
    def shas(self) -> tuple[str | None, str | None]:
        """The git SHA in the tag at the base and now."""
        return _sha(self.base), _sha(self.head)

    @property
    def commits(self) -> tuple[str | None, str | None]:
        """The same where tags are expected to hold SHAs: one of digits alone counts."""
        return _commit(self.base), _commit(self.head)

    @property
    def tags(self) -> tuple[str | None, str | None]:
        """The tag at the base and now."""
        return _tag(self.base), _tag(self.head)

    @property
    def digests(self) -> tuple[str | None, str | None]:
        """The digest at the base and now."""
        return _digest(self.base), _digest(self.head)


class ClaimChange(_Sides[Claim], frozen=True):
    """A claim at the base and now."""

    @property
    def claim(self) -> Claim:
        """The claim of today, else that of the base."""
        return self._known

    @property
    def differs(self) -> bool:
        """Whether it claims something else."""
        return self.base is None or self.head is None or self.base.text != self.head.text


class ManifestChange(_Sides[Manifest], frozen=True):
    """A manifest at the base and now."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of today, else that of the base."""
        return self._known

    @property
    def differs(self) -> bool:
        """Whether it holds something else."""
        if self.base is None or self.head is None:
            return True
        return self.base.text != self.head.text and self.base.body != self.head.body


def image_changes(base: Iterable[ImageUse], head: Iterable[ImageUse]) -> tuple[ImageChange, ...]:
    """Pair image uses of one target by workload and place; where a workload was renamed (a Job with a SHA in its name), by what is left."""
    return tuple(ImageChange(old, new) for old, new in paired(base, head, _use, _use_by_repository))


def image_changes_by_target(base: Iterable[ImageUse], head: Iterable[ImageUse], moved: Mapping[str, str]) -> tuple[ImageChange, ...]:
    """Pair image uses within each target; what went from one to another by workload. `moved` are targets by their names at the base."""

    def within(key: Callable[[ImageUse], Hashable]) -> Callable[[ImageUse], Hashable]:
        def with_target(use: ImageUse) -> Hashable:
            name, rest = use.manifest.target.name, key(use)
            return rest and (moved.get(name, name), rest)

        return with_target

    return tuple(ImageChange(old, new) for old, new in paired(base, head, within(_use), within(_use_by_repository), _use))


def claim_changes(base: Iterable[Claim], head: Iterable[Claim]) -> tuple[ClaimChange, ...]:
    """Pair claims by workload and place, else by their name."""
    return tuple(ClaimChange(old, new) for old, new in paired(base, head, _claim, _claim_by_name))


def manifest_changes(base: Iterable[Manifest], head: Iterable[Manifest]) -> tuple[ManifestChange, ...]:
    """Pair manifests by kind, namespace and name, without the hash of a generated one."""
    return tuple(ManifestChange(old, new) for old, new in paired_manifests(base, head))


def _sha(use: ImageUse | None) -> str | None:
    reference = use.reference if use else None
    return git_sha(reference.tag) if reference and reference.tag else None


def _commit(use: ImageUse | None) -> str | None:
    tag = _tag(use)
    return git_sha(tag) or bare_sha(tag) if tag else None


def _tag(use: ImageUse | None) -> str | None:
    return use.reference.tag if use and use.reference else None


def _digest(use: ImageUse | None) -> str | None:
    return use.reference.digest if use and use.reference else None


def _use(use: ImageUse) -> Hashable:
    place = use.variable or by_name(use.manifest.body, use.pointer)
    return use.manifest.kind, use.manifest.namespace, use.manifest.name, use.kind, use.container, place


def _use_by_repository(use: ImageUse) -> Hashable:
    repository = use.reference.repository if use.reference else None
    return repository and (use.manifest.kind, use.manifest.namespace, use.kind, use.container, use.variable, repository)


def _claim(claim: Claim) -> Hashable:
    return claim.manifest.kind, claim.manifest.namespace, claim.manifest.name, claim.container, claim.name, claim.pod is None


def _claim_by_name(claim: Claim) -> Hashable:
    return claim.manifest.kind, claim.manifest.namespace, claim.container, claim.name, claim.kind
