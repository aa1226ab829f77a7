"""The options of all commands that render targets: the configuration, whose policy, which programs, and what these may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

import click

from agentslint.cli import completion
from agentslint.cli.policy import policy_options

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--config", shell_complete=completion.paths, metavar="FILE", help="Configuration."),
    click.option("--offline", is_flag=True, help="Use no network: charts come from the cache or not at all."),
    click.option("--require-confinement", is_flag=True, help="Fail if the kernel cannot confine kustomize and helm."),
    policy_options,
    click.option("--kustomize", shell_complete=completion.paths, metavar="PATH", help="The kustomize to use."),
    click.option("--helm", shell_complete=completion.paths, metavar="PATH", help="The helm to use."),
)


def rendering_options(command: Command) -> Command:
    """Add the options of a command that renders targets."""
    return reduce(lambda function, option: option(function), reversed(_OPTIONS), command)


def text_or_json(command: Command) -> Command:
    """Add `--format text` and `--format json`."""
    formats = click.Choice(["text", "json"])
    return click.option("-f", "--format", "format_", type=formats, default="text", help="text (default) or json.")(command)
