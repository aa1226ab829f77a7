"""The command and a repository."""

from __future__ import annotations

from tests.suppress.command_fixtures import run, tree

__all__ = ["run", "tree"]
