"""The options that say whose policy a run is judged by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def policy_options(command: Command) -> Command:
    """Add `--policy-from` and `--untrusted` to a command."""
    commit = click.option(
        "--policy-from", metavar="REV", help="Take configuration, baseline and comments from this commit, not from the work tree."
    )
    untrusted = click.option(
        "--untrusted", is_flag=True, help="Refuse plugins, programs and exec options that the work tree's configuration names."
    )
    return commit(untrusted(command))
