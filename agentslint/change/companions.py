"""Targets that do not differ and have to be seen all the same: those of other members of a release group."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agentslint.change.change import Change
from agentslint.fleet import among
from agentslint.model import Target, TargetKind


def companions(change: Change, others: Callable[[], Iterable[Target]]) -> list[Target]:
    """Return which of the other targets a change calls for: those in which members of a group may be that it promotes."""
    groups = [
        group.group.settings
        for group in change.groups
        if group.group.settings and (group.group.settings.crds or any(image.differs for image in group.images))
    ]
    if not (change.targets and groups):
        return []
    return [target for target in others() if target.kind is not TargetKind.STREAM and any(among(target, group) for group in groups)]
