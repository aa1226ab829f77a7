"""The stories of the change room, told to `agentslint diff`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "change"))

from story_fixtures import source, story

__all__ = ["source", "story"]
