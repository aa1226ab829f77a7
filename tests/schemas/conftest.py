"""A repository, and the command in this process."""

from tests.suppress.command_fixtures import run, tree

__all__ = ["run", "tree"]
