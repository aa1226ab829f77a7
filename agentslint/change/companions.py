"""Targets that nobody named and that have to be seen all the same: those of other members of a release group."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agentslint.change.change import Change
from agentslint.config import Group
from agentslint.fleet import among
from agentslint.model import Target


def groups_that_move(change: Change) -> list[Group]:
    """Return the configured groups of which a member is promoted, and those whose definitions may be rendered anywhere."""
    settings = [(group.group.settings, group) for group in change.groups if change.targets]
    return [found for found, group in settings if found and (found.crds or any(image.differs for image in group.images))]


def companions(groups: Collection[Group], others: Iterable[Target], differing: Collection[str]) -> list[Target]:
    """Return which of the other targets are called for: where members of a group may be, and what differs where definitions may be."""
    return [target for target in others if any(among(target, group) or (group.crds and target.name in differing) for group in groups)]
