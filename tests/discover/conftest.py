"""Fixtures of the discover room."""

from __future__ import annotations

from pathlib import Path

import pytest
from discover_tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An empty folder that is no git repository."""
    root = tmp_path / "repository"
    root.mkdir()
    return Tree(root)
