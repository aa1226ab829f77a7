"""One release group at the base and now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from agentslint.change.image_changes import ImageChange, image_changes_by_target
from agentslint.fleet.release_groups import ReleaseGroup
from agentslint.paths import any_names


class GroupChange(Struct, frozen=True, dict=True):
    """A release group with its members at the base and now. `moved` are targets that have another name, by that of the base."""

    name: str
    base: ReleaseGroup | None
    head: ReleaseGroup | None
    moved: Mapping[str, str] = {}

    @property
    def group(self) -> ReleaseGroup:
        """The group of today, else that of the base."""
        found = self.head or self.base
        assert found is not None
        return found

    @cached_property
    def images(self) -> tuple[ImageChange, ...]:
        """The members of both sides, those that stayed included."""
        return image_changes_by_target(self.base.members if self.base else (), self.head.members if self.head else (), self.moved)

    @property
    def accept_unknown(self) -> str:
        """Why commits that git does not know pass unchecked; empty where they do not."""
        return (self.group.settings.accept_unknown or "") if self.group.settings else ""

    def defines(self, crd: str) -> bool:
        """Tell whether the configuration names a CustomResourceDefinition as one of the group's."""
        return self.group.settings is not None and any_names(self.group.settings.crds, crd)

    @cached_property
    def stages(self) -> tuple[tuple[ImageChange, ...], ...]:
        """Its images in the order in which they are promoted, the first to go first; none where it has no order."""
        sides = [side for side in (self.base, self.head) if side]
        where = {id(use): number for side in sides for number, stage in enumerate(side.stages) for use in stage}
        count = max((len(side.stages) for side in sides), default=0)
        return tuple(tuple(image for image in self.images if where.get(id(image.use)) == number) for number in range(count))

    def together(self, target: str) -> list[tuple[ImageChange, ...]]:
        """Return the images that are promoted together with those of a target, as one or several sets.

        A target with several workloads is a set of its own, the members of all others are one. What a target without members renders is
        for the sets of which a member moves; for all, if none does.
        """
        whole: dict[str, list[ImageChange]] = {}
        for image in self.images:
            whole.setdefault(image.target, []).append(image)
        several = {name: tuple(images) for name, images in whole.items() if len({image.use.manifest.resource for image in images}) > 1}
        rest = tuple(image for image in self.images if image.target not in several)
        if target in whole:
            return [several.get(target, rest)]
        sets = [*several.values(), *([rest] if rest else [])]
        return [each for each in sets if any(image.differs for image in each)] or sets
