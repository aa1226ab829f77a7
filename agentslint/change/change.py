"""What rules about a change are given: every target that differs from the base revision, and both fleets whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from agentslint.change.ancestry import Distance, History, Relation, Unknown
from agentslint.change.lines import first_difference
from agentslint.change.nearest import nearest_text
from agentslint.change.pairs import (
    ClaimChange,
    ImageChange,
    ManifestChange,
    claim_changes,
    image_changes,
    image_changes_by_target,
    manifest_changes,
)
from agentslint.change.past import Earlier, Past
from agentslint.change.rollbacks import Rollbacks
from agentslint.facts import Context, Fleet, ReleaseGroup, RenderedTarget, among
from agentslint.model import Field, Location, RenderFailure, Target

if TYPE_CHECKING:
    from agentslint.change.revision import Revision


T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class TargetChange:
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
        from agentslint.render.places import whole_target

        return whole_target(self.target)

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


@dataclass(frozen=True)
class GroupChange:
    """A release group with its members at the base and now. `moved` are targets that have another name, by that of the base."""

    name: str
    base: ReleaseGroup | None
    head: ReleaseGroup | None
    moved: Mapping[str, str] = field(default_factory=dict)

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

    @cached_property
    def stages(self) -> tuple[tuple[ImageChange, ...], ...]:
        """Its images in the order in which they are promoted, the first to go first; none where it has no order."""
        sides = [side for side in (self.base, self.head) if side]
        where = {id(use): number for side in sides for number, stage in enumerate(side.stages) for use in stage}
        count = max((len(side.stages) for side in sides), default=0)
        return tuple(tuple(image for image in self.images if where.get(id(image.use)) == number) for number in range(count))

    def together(self, target: str) -> tuple[ImageChange, ...]:
        """Return the images that are promoted as one in a target: those in it, if several workloads are, else all of the group."""
        here = tuple(image for image in self.images if image.target == target)
        return here if len({image.use.manifest.resource for image in here}) > 1 else self.images


@dataclass(frozen=True, eq=False)
class Change:
    """What a run's targets were at the base revision, and what they are now.

    `files` are all changed files and what became of each (`added`, `deleted`, `modified`), `targets` the targets that read one of them.
    `base` and `head` are the fleets: a target that does not differ is in both, and one of which a side does not render not in `base`.
    """

    revision: Revision
    files: Mapping[str, str]
    targets: tuple[TargetChange, ...]
    base: Fleet
    head: Fleet
    root: Path
    base_root: Path
    config_folder: Path
    network: bool = True
    discovered: tuple[Target, ...] = ()
    """The targets of the run, whether they differ, and whether they render, or not."""
    companions_failed: tuple[RenderFailure, ...] = ()
    """Targets that should have been seen beside those that differ, and do not render."""
    _histories: dict[str, History] = field(default_factory=dict)

    @cached_property
    def groups(self) -> tuple[GroupChange, ...]:
        """The release groups of both fleets, by name; learnt ones, too (`configured` tells)."""
        moved = {target.was: target.name for target in self.targets if target.was}
        before = {_key(group, moved): group for group in self.base.groups}
        now = {_key(group, moved): group for group in self.head.groups}
        return tuple(GroupChange(key[0], before.get(key), now.get(key), moved) for key in {**now, **before})

    @property
    def failed(self) -> tuple[TargetChange, ...]:
        """The targets of which a side did not render: they are in neither fleet, and a group with members there is not known whole."""
        return tuple(change for change in self.targets if not change.is_whole)

    def history(self, group: str = "") -> History:
        """Return the commits that SHAs are looked up in: those of the configured group's `source`, else of this repository."""
        source = self.source(group)
        name = source or "this repository"
        if name not in self._histories:
            self._histories[name] = History(self.config_folder / source if source else self.root, name, self.network)
        return self._histories[name]

    def unseen(self, group: GroupChange) -> tuple[RenderFailure, ...]:
        """Return the targets that do not render today, of those that differ and their companions, in which members of a group may be."""
        failed = [change.head_failure for change in self.targets if change.head_failure]
        settings = group.group.settings
        return tuple(each for each in (*failed, *self.companions_failed) if settings and among(each.target, settings))

    def source(self, group: str) -> str | None:
        """Return where the configuration says that a group is built from."""
        return next((each.source for each in self.head.context.config.groups if each.name == group), None)

    def place(self, path: str) -> Location:
        """Return the first line of a file of today that differs from the base; where lines are gone, the one before them."""
        return first_difference(self.root, self.revision.commit, path)

    def whole(self, target: Target) -> Location:
        """Return where a finding about a target as a whole belongs."""
        from agentslint.render.places import whole_target

        return whole_target(target)

    def nearest(self, field: Field) -> Field:
        """Return where a finding about a field of a definition belongs, which may be gone, or a number: the text nearest to it."""
        return nearest_text(self.head, field)

    def rollback(self, image: ImageChange, group: str = "") -> Earlier | Unknown | None:
        """Return the first commit of this repository after which an image ran in the same place; None where the change takes it forward.

        What git knows to be ahead in the history of the `group` is no way back, be it that it ran before.
        """
        old, new = image.shas
        distance = self.history(group).distance(old, new) if old and new and old != new else None
        forward = isinstance(distance, Distance) and distance.relation is Relation.AHEAD
        return None if forward else self.rollbacks.of(image)

    @cached_property
    def rollbacks(self) -> Rollbacks:
        """What ran in the same places before."""
        return Rollbacks(self.past, self.head)

    @cached_property
    def past(self) -> Past:
        """What this repository held before the base."""
        return Past(self.root, self.revision.commit, self.network)


def fleets(unchanged: Sequence[RenderedTarget], changes: Iterable[TargetChange], context: Context) -> tuple[Fleet, Fleet]:
    """Return both fleets, in the order of the targets' names: those that do not differ, and each side of those that do.

    The base's side counts only where today's is known, too: what does not render has not gone.
    """
    pairs = list(changes)
    base = [*unchanged, *(change.base for change in pairs if change.base and change.is_whole)]
    head = [*unchanged, *(change.head for change in pairs if change.head)]
    return Fleet(sorted(base, key=_name), context), Fleet(sorted(head, key=_name), context)


def _key(group: ReleaseGroup, moved: Mapping[str, str]) -> tuple[str, str]:
    """What tells a group from others: learnt ones of several targets may have one name."""
    home = group.members[0].manifest.target.name if group.members and not group.configured else ""
    return group.name, moved.get(home, home)


def _name(rendered: RenderedTarget) -> str:
    return rendered.target.name
