"""Targets that nobody named and that have to be seen all the same: those of other members of a release group."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agentslint.change.change import Change
from agentslint.config import Group
from agentslint.config.schema import Globs
from agentslint.facts import any_names
from agentslint.fleet import among
from agentslint.model import Target


def groups_that_move(change: Change) -> list[Group]:
    """Return the configured groups of which a member is promoted, or a definition that they name differs."""
    found = [(group.group.settings, any(image.differs for image in group.images)) for group in change.groups]
    return [settings for settings, moves in found if settings and (moves or _defines(change, settings.crds))]


def companions(groups: Collection[Group], others: Iterable[Target], differing: Collection[str]) -> list[Target]:
    """Return which of the other targets are called for: where members of a group may be, and what differs where definitions may be."""
    return [target for target in others if any(among(target, group) or (group.crds and target.name in differing) for group in groups)]


def _defines(change: Change, globs: Globs) -> bool:
    names = (pair.manifest.name for target in (change.targets if globs else ()) for pair in target.crds if pair.differs)
    return any(any_names(globs, name) for name in names)
