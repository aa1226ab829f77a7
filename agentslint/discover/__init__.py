"""Paths -> targets, each with the files that it reads."""

from __future__ import annotations

from agentslint.discover.repository import find_root
from agentslint.discover.select import DiscoverConfig, Discovery, discover

__all__ = ["DiscoverConfig", "Discovery", "discover", "find_root"]
