"""Fixtures of the change room: a repository, and the history of the code that its images are built from."""

from __future__ import annotations

import pytest
from story_fixtures import source, story

__all__ = ["no_job", "source", "story"]


@pytest.fixture(autouse=True)
def no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """No merge request is judged but those of the tests."""
    for name in ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)
