"""A cache of its own for a test: it knows the versions of the renderers, as a user's does after the first run, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from agentslint.tools.folder import tools_folder

KNOWN = tools_folder() / "answers.json"


def own_cache(cache: Path) -> None:
    """Make the cache folder of a user, unless it is there."""
    tools = cache / "agentslint/tools"
    if KNOWN.is_file() and not tools.exists():
        tools.mkdir(parents=True)
        shutil.copy(KNOWN, tools)
