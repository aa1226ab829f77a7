"""The input of rules about a change: every target that differs from the base revision, and both fleets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from agentslint.change.earlier import EarlierValue, ValueHistory
from agentslint.change.groups import GroupChange
from agentslint.change.image_changes import ImageChange
from agentslint.change.pointing import first_difference, nearest_written_field
from agentslint.change.rollbacks import Rollbacks
from agentslint.change.target_change import RenderSides, TargetChange
from agentslint.facts.context import Context
from agentslint.fleet.release_groups import Fleet, ReleaseGroup, among, is_named
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.git.ancestry import Distance, History, Relation, Unknown
from agentslint.images import ImageUse
from agentslint.model import Field, Location, RenderFailure, Target

if TYPE_CHECKING:
    from agentslint.change.edited_repository import EditWithoutEffect
    from agentslint.git.base_revision import Revision


class Change(Struct, frozen=True, eq=False, dict=True):
    """A run's targets at the base revision, and now.

    `files` are all changed files, each `added`, `deleted` or `modified`, `targets` the targets that read one of them.
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
    beside: tuple[TargetChange, ...] = ()
    """Other targets that differ, outside of the named paths, and may have members of a group."""
    unrendered: tuple[RenderFailure, ...] = ()
    """Targets that are as they were, and do not render."""
    others_failed: tuple[RenderFailure, ...] = ()
    """Those of them outside of the named paths, which have not been reported yet."""
    everything: Callable[[], Iterable[Target]] = tuple
    """All targets of the repository, whether the run is about them or not."""
    _render: RenderSides = lambda requests: ()
    """Renders other targets than those that differ, where a question needs them."""
    _histories: dict[str, History] = {}

    @cached_property
    def groups(self) -> tuple[GroupChange, ...]:
        """The release groups of both fleets, by name; learnt ones, too (`configured` tells)."""
        moved = {target.was: target.name for target in self.targets if target.was}
        before = {_key(group, moved): group for group in self.base.groups}
        now = {_key(group, moved): group for group in self.head.groups}
        return tuple(GroupChange(key[0], before.get(key), now.get(key), moved) for key in {**now, **before})

    def history(self, group: str = "") -> History:
        """Return the commits that SHAs are looked up in: those of the configured group's `source`, else of this repository."""
        source = self.source(group)
        name = source or "this repository"
        if name not in self._histories:
            self._histories[name] = History(self.config_folder / source if source else self.root, name, self.network)
        return self._histories[name]

    def knows(self, sha: str) -> bool:
        """Tell whether git knows a commit, in this repository or in the source of a group."""
        groups = ("", *(group.name for group in self.head.context.config.groups))
        return any(isinstance(self.history(group).commit(sha), str) for group in groups)

    def left(self, group: GroupChange) -> tuple[ImageUse, ...]:
        """Return the image uses of today that were members of a group, or in a stage of it, and fit it no more."""
        before, now = (_members(side) for side in (group.base, group.head))
        pairs = (image for target in (*self.targets, *self.beside) for image in target.images)
        return tuple(
            image.head for image in pairs if image.base and image.head and before.get(id(image.base), 0) > now.get(id(image.head), 0)
        )

    def unseen(self, group: GroupChange) -> tuple[RenderFailure, ...]:
        """Return the targets that do not render today and may have members of a group: those that differ or that the group names."""
        failed = [change.head_failure for change in (*self.targets, *self.beside) if change.head_failure]
        settings = group.group.settings
        if settings is None:
            return ()
        named = [each for each in self.unrendered if is_named(each.target, settings)]
        return tuple(each for each in (*failed, *named) if among(each.target, settings))

    def source(self, group: str) -> str | None:
        """Return where the configuration says that a group is built from."""
        return next((each.source for each in self.head.context.config.groups if each.name == group), None)

    def place(self, path: str) -> Location:
        """Return the first line of a file of today that differs from the base; where lines are gone, the one before them."""
        return first_difference(self.root, self.revision.commit, path, self.network)

    def nearest(self, field: Field) -> Field:
        """Return where a finding about a field of a definition belongs, which may be gone, or a number: the text nearest to it."""
        return nearest_written_field(self.head, field)

    def rollback(self, image: ImageChange, group: str = "") -> EarlierValue | Unknown | None:
        """Return the first commit of this repository after which an image ran in the same place; None where the change takes it forward.

        A commit that is ahead in the history of the `group` is no rollback, even if it ran before.
        """
        old, new = image.commits
        distance = self.history(group).distance(old, new) if old and new and old != new else None
        forward = isinstance(distance, Distance) and distance.relation is Relation.AHEAD
        return None if forward else self.rollbacks.of(image)

    @cached_property
    def edits_without_effect(self) -> tuple[EditWithoutEffect, ...]:
        """The image settings that it edits in vain, file by file."""
        from agentslint.change.deployers import Deployers
        from agentslint.change.edited_repository import EditedRepository
        from agentslint.change.without_effect import edits_without_effect

        targets = (*self.everything(), *self.discovered)
        differing = (*self.targets, *self.beside)
        deployers = Deployers(self.root, self.head.context.files, self.head.targets, targets, self._render, self.network)
        edited = EditedRepository(
            self.root, self.revision.commit, self.files, differing, self.head, targets, self.network, deployers.read
        )  # fmt: skip
        return tuple(edits_without_effect(edited))

    def has_run(self, use: ImageUse, other: ImageUse) -> EarlierValue | Unknown | None:
        """Return the first commit of this repository after which the image of `other` ran where `use` is; None where it never did."""
        return self.rollbacks.has_run(use, other)

    @cached_property
    def rollbacks(self) -> Rollbacks:
        """Looks up which images ran in the same places before."""
        return Rollbacks(self.past, self.head)

    @cached_property
    def past(self) -> ValueHistory:
        """The values in this repository before the base."""
        return ValueHistory(self.root, self.revision.commit, self.network)


def fleets(unchanged: Sequence[RenderedTarget], changes: Iterable[TargetChange], context: Context) -> tuple[Fleet, Fleet]:
    """Return both fleets, in the order of the targets' names: those that do not differ, and each side of those that do.

    The base's side counts only if today's is known, too: a target that does not render has not been removed.
    """
    pairs = list(changes)
    base = [*unchanged, *(change.base for change in pairs if change.base and change.is_whole)]
    head = [*unchanged, *(change.head for change in pairs if change.head)]
    return Fleet(sorted(base, key=_name), context), Fleet(sorted(head, key=_name), context)


def _key(group: ReleaseGroup, moved: Mapping[str, str]) -> tuple[str, str]:
    """The identity of a group: learnt ones of several targets may have one name."""
    home = group.members[0].manifest.target.name if group.members and not group.configured else ""
    return group.name, moved.get(home, home)


def _members(group: ReleaseGroup | None) -> dict[int, int]:
    """How much of a group an image use is: a member, or one in a stage."""
    found = dict.fromkeys(map(id, group.members), 1) if group else {}
    return found | {id(use): 2 for stage in (group.stages if group else ()) for use in stage}


def _name(rendered: RenderedTarget) -> str:
    return rendered.target.name
