"""The user's cache folder, which holds installed tools and the answers of programs."""

from __future__ import annotations

from pathlib import Path

from agentslint.tools.releases import Release

PARTIAL = ".partial-"
"""How the folder of an installation under way begins; one that is left was interrupted."""


def tools_folder() -> Path:
    """Tell the folder; it may not exist yet."""
    from platformdirs import user_cache_path

    return user_cache_path("agentslint", appauthor=False) / "tools"


def program_of(release: Release) -> Path:
    """Tell where a release lies once it is installed."""
    return tools_folder() / f"{release.name}-{release.version}" / release.name
