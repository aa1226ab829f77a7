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
@click.option("--config", "explicit", shell_complete=completion.paths, metavar="FILE", help="Configuration to read.")
def show(explicit: str | None) -> None:
    """Show the effective configuration (JSON), defaults included, and where it was found."""
    import msgspec

    from agentslint.config import load
    from agentslint.engine.registry import load_registry

    loaded = load(Path.cwd(), explicit)
    registry = load_registry(loaded)
    active = {item.rule.id: item for item in registry.activate(loaded)}
    rules = {
        name: {
            "level": item.settings.level or item.rule.level.value,
            "levels": item.settings.levels,
            "environments": item.settings.environments,
        }
        | msgspec.to_builtins(item.rule.options)
        for name, item in active.items()
    }
    shown = {"file": str(loaded.path) if loaded.path else None} | msgspec.to_builtins(loaded.config) | {"rules": rules}
    printed(msgspec.to_builtins(shown))


@config.command()
def schema() -> None:
    """Print the JSON Schema of the configuration."""
    from agentslint.config import load
    from agentslint.docs import page, schema_text
    from agentslint.engine.registry import load_registry

    registry = load_registry(load(Path.cwd()))
    try:
        text = schema_text(registry.rules)
    except (NameError, TypeError):
        for rule in registry.rules.values():
            registry.with_options(rule, page)
        raise
    emit(text, utf8=True)
