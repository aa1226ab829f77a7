"""What a shell completes beside commands and options: paths, rules, formats.

`_AGENTSLINT_COMPLETE=bash_source agentslint` prints what a shell is to evaluate (also zsh_source, fish_source).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agentslint.errors import AgentslintError, UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VARIABLE = "_AGENTSLINT_COMPLETE"
"""By which a shell asks: click's name for a program called agentslint."""


def is_asked() -> bool:
    """Tell whether it is a shell that runs us, to complete a line."""
    return bool(os.environ.get(VARIABLE))


def check_shell() -> None:
    """Refuse a shell that click does not know; raises UsageError."""
    from click.shell_completion import get_completion_class

    shell, _, instruction = os.environ[VARIABLE].partition("_")
    if get_completion_class(shell) is None or instruction not in ("source", "complete"):
        raise UsageError(f"{VARIABLE}: {os.environ[VARIABLE]!r} is none of bash_source, zsh_source, fish_source")


def paths(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a path."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def rules(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the id of a rule, the last one of a list with commas."""
    from agentslint.engine.configuration import load_configuration
    from agentslint.engine.registry import load_registry

    try:
        names: Iterable[str] = load_registry(load_configuration(Path.cwd())).rules
    except (AgentslintError, OSError):
        return []
    return _begun(names, incomplete)


def formats(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a report format."""
    from agentslint.report import BUILTIN

    return _begun(BUILTIN, incomplete)


def _begun(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    before, comma, begun = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{name}") for name in names if name.startswith(begun)]
