"""The stories of the change room, with a repository that somebody hostile prepared."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "change"))

import pytest
from attack import Trap
from story import Story, plain


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """A program that nobody may run."""
    return Trap.set(tmp_path)


@pytest.fixture
def app(tmp_path: Path) -> Story:
    """A repository with one application, committed twice."""
    story = Story.begin(tmp_path / "repo")
    story.commit("one", plain("app", "ghcr.io/acme/web:one"))
    story.commit("two", plain("app", "ghcr.io/acme/web:two"))
    return story
