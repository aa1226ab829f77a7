"""The promotion policy, told as stories: the code of the agents, and the repository that deploys them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "change"))

from promotion import CONFIG
from story import CHART, Story, agents


@pytest.fixture
def source(tmp_path: Path) -> Story:
    """The code: four commits, of which the last one changes a type of the API."""
    code = Story.begin(tmp_path / "source")
    for number in range(3):
        code.commit(f"feature {number}", {"main.go": f"package main // {number}\n"})
    code.commit("a field", {"api/v1/types.go": "package v1 // Tag\n"})
    return code


@pytest.fixture
def deploy(tmp_path: Path, source: Story) -> Story:
    """What deploys it: everything runs at the first commit, in staging and in production."""
    story = Story.begin(tmp_path / "repo").write(CHART)
    first = source.commits[0]
    staging = agents(controllers=first, control_plane=first, folder="apps/staging")
    story.commit("all at the first commit", {".agentslint.toml": CONFIG, **agents(controllers=first, control_plane=first), **staging})
    return story
