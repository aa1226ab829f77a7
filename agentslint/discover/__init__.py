"""Paths -> targets: what a run renders, and which files each target reads."""

from __future__ import annotations

from agentslint.discover.repository import find_root
from agentslint.discover.select import DiscoverConfig, Discovery, discover

__all__ = ["DiscoverConfig", "Discovery", "discover", "find_root"]
