"""Fixtures of the change room: a repository, and the history of the code that its images are built from."""

from __future__ import annotations

from pathlib import Path

import pytest
from story import CHART, Story


@pytest.fixture(autouse=True)
def no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """No merge request is judged but those of the tests."""
    for name in ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)


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
