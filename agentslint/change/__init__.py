"""A change: what a run's targets were at a base revision of git, and what they are now. Here is what rules are given of it."""

from __future__ import annotations

from agentslint.change.ancestry import Distance, History, Relation, Unknown
from agentslint.change.change import Change
from agentslint.change.crd import ApiDifference, api_differences
from agentslint.change.group import GroupChange
from agentslint.change.pairs import ClaimChange, ImageChange, ManifestChange
from agentslint.change.past import Earlier
from agentslint.change.target import TargetChange

__all__ = [
    "ApiDifference",
    "Change",
    "ClaimChange",
    "Distance",
    "Earlier",
    "GroupChange",
    "History",
    "ImageChange",
    "ManifestChange",
    "Relation",
    "TargetChange",
    "Unknown",
    "api_differences",
]
