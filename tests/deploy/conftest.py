"""A small repository, and the command run in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suppress.command_in_process import Run, Tree, runner


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in a folder."""
    return runner(capfd, monkeypatch, tmp_path)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A small repository."""
    return Tree(tmp_path / "repo")
