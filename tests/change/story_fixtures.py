"""A repository, and the history of the code that its images are built from."""

from __future__ import annotations

from pathlib import Path

import pytest
from story import CHART, Story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A repository with a chart, in which nothing was committed yet."""
    return Story.begin(tmp_path / "repo").write(CHART)


@pytest.fixture
def source(tmp_path: Path) -> Story:
    """The code: three commits, one after the other."""
    code = Story.begin(tmp_path / "source")
    for number in range(3):
        code.commit(f"feature {number}", {"main.go": f"package main // {number}\n"})
    return code
