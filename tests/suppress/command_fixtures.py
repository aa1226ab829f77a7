"""The command and a repository, for those who ask for them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.suppress.command_in_process import Run, Tree, runner


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kustomize: Path, helm: Path) -> Run:
    """Runs the command line with the real renderers."""
    return runner(capfd, monkeypatch, tmp_path / "home")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An empty git repository."""
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return Tree(root)
