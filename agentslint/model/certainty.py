"""How sure a place is."""

from __future__ import annotations

from enum import Enum


class Certainty(str, Enum):
    """How sure a location is, from proven to merely near."""

    EXACT = "exact"
    MATCHED = "matched"
    RESOURCE = "resource"
    CHART = "chart"
