"""Targets that nobody named and that have to be seen all the same: those of other members of a release group."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agentslint.change.change import Change
from agentslint.change.group import GroupChange
from agentslint.config import Group
from agentslint.fleet import among
from agentslint.model import Target


def groups_that_move(change: Change) -> list[Group]:
    """Return the configured groups of which a member is promoted, or a definition that they name differs."""
    moved = (group for group in change.groups if any(image.differs for image in group.images) or _redefines(change, group))
    return [group.group.settings for group in moved if group.group.settings]


def companions(groups: Collection[Group], others: Iterable[Target], differing: Collection[str]) -> list[Target]:
    """Return which of the other targets are called for: where members of a group may be, and what differs where definitions may be."""
    return [target for target in others if any(among(target, group) or (group.crds and target.name in differing) for group in groups)]


def _redefines(change: Change, group: GroupChange) -> bool:
    """Definitions are read only for a group that names some."""
    named = group.group.settings is not None and bool(group.group.settings.crds)
    return named and any(pair.differs and group.defines(pair.manifest.name) for target in change.targets for pair in target.crds)
