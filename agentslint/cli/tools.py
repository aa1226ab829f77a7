"""`agentslint tools`: which kustomize and helm, and where to get them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from agentslint.cli.help import CommandListing
from agentslint.cli.streams import emit
from agentslint.credentials import dropped
from agentslint.tools.tool import ToolName


@click.group(cls=CommandListing)
def tools() -> None:
    """Show or provide kustomize and helm."""


@tools.command("list")
@click.option("--config", "explicit", metavar="FILE", help="Configuration to read.")
@click.option("--kustomize", metavar="PATH", help="The kustomize to use.")
@click.option("--helm", metavar="PATH", help="The helm to use.")
@click.pass_context
def list_(ctx: click.Context, explicit: str | None, kustomize: str | None, helm: str | None) -> None:
    """Show which kustomize and helm would be used, where they were found, and their problems."""
    from agentslint.children import hindrance
    from agentslint.engine.configuration import load_configuration
    from agentslint.engine.programs import beside
    from agentslint.tools import describe, inspect_together, locate

    loaded = load_configuration(Path.cwd(), explicit)
    render = loaded.config.render
    found = inspect_together(
        [
            locate("kustomize", option=kustomize, configured=beside(loaded, render.kustomize), environ=os.environ),
            locate("helm", option=helm, configured=beside(loaded, render.helm), environ=os.environ),
        ]
    )
    why = hindrance()
    confinement = f"Renderers are not confined: {why}." if why else "Renderers are confined by the kernel."
    emit(f"{describe(found)}{confinement}\n")
    ctx.exit(0 if all(tool.usable for tool in found) else 2)


@tools.command()
@click.argument("names", nargs=-1, type=click.Choice(["kustomize", "helm"]))
@click.option("--offline", is_flag=True, help="Do not download: only show the tools that are installed.")
def install(names: tuple[ToolName, ...], offline: bool) -> None:
    """Provide pinned versions in the user's cache folder: the official release, or built from source with Go."""
    from agentslint.tools.install import install as provide

    provide(names or ("kustomize", "helm"), offline=offline, report=lambda line: emit(f"{dropped(line)}\n"))
