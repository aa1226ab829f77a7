"""`agentslint config`: write, show, describe the configuration."""

from __future__ import annotations

from pathlib import Path

import click

from agentslint import files
from agentslint.cli import completion
from agentslint.cli.help import CommandListing
from agentslint.cli.output import printed
from agentslint.cli.streams import emit


@click.group(cls=CommandListing)
def config() -> None:
    """Write, show or describe the configuration."""


@config.command()
@click.option("--stdout", is_flag=True, help="Print it, write nothing.")
def init(stdout: bool) -> None:
    """Write a commented .agentslint.toml here; an existing one is left unchanged."""
    from agentslint.config import FILE
    from agentslint.config.starter import STARTER
    from agentslint.errors import UsageError

    if stdout:
        emit(STARTER)
        return
    try:
        files.create(FILE, STARTER.encode())
    except FileExistsError:
        raise UsageError(f"{FILE} already exists and is left unchanged") from None
    emit(f"wrote {FILE}\n")


@config.command()
@click.argument("key", default="", metavar="[KEY]")
@click.option("--config", "explicit", shell_complete=completion.paths, metavar="FILE", help="Configuration to read.")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the output.")
def show(key: str, explicit: str | None, form: str) -> None:
    """Show the configuration in force, all of it or one KEY (render, ignore.0.reason), and who set each value: file, preset or default."""
    import msgspec

    from agentslint.engine.configuration import load_configuration
    from agentslint.engine.registry import load_registry
    from agentslint.engine.settings_shown import shown_settings

    loaded = load_configuration(Path.cwd(), explicit)
    shown = shown_settings(loaded, load_registry(loaded), key)
    if form == "json":
        printed(msgspec.to_builtins(shown.plain()))
    else:
        emit(shown.text())


@config.command()
def schema() -> None:
    """Print the JSON Schema of the configuration."""
    from agentslint.docs import page, schema_text
    from agentslint.engine.configuration import load_configuration
    from agentslint.engine.registry import load_registry

    registry = load_registry(load_configuration(Path.cwd()))
    try:
        text = schema_text(registry.rules)
    except (NameError, TypeError):
        for rule in registry.rules.values():
            registry.with_options(rule, page)
        raise
    emit(text, utf8=True)
