"""A change: a run's targets at a base revision of git, and now, as rules see them."""

from __future__ import annotations

from agentslint.change.change import Change
from agentslint.change.earlier import EarlierValue
from agentslint.change.groups import GroupChange
from agentslint.change.image_changes import ClaimChange, ImageChange, ManifestChange
from agentslint.change.target_change import TargetChange
from agentslint.crd.api_differences import ApiDifference, api_differences
from agentslint.crd.compatibility import DifferenceKind
from agentslint.git.ancestry import Distance, History, Relation, Unknown

__all__ = [
    "ApiDifference",
    "Change",
    "ClaimChange",
    "DifferenceKind",
    "Distance",
    "EarlierValue",
    "GroupChange",
    "History",
    "ImageChange",
    "ManifestChange",
    "Relation",
    "TargetChange",
    "Unknown",
    "api_differences",
]
