"""`agentslint rules`, `agentslint explain`, `agentslint new-rule`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from agentslint.cli import completion
from agentslint.cli.output import printed
from agentslint.cli.streams import emit


@click.command()
@click.option("--config", shell_complete=completion.paths, metavar="FILE", help="Configuration, for local plugins.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="For people (text) or programs (json)."
)
def rules(config: str | None, format_: str) -> None:
    """List the rules: ours, those of plugins, those of local files."""
    from agentslint.docs import summary
    from agentslint.engine.configuration import load_configuration
    from agentslint.engine.registry import load_registry

    registry = load_registry(load_configuration(Path.cwd(), config))
    if format_ == "json":
        printed(
            [
                {"id": name, "level": rule.level.value, "summary": summary(rule), "tags": list(rule.tags), "from": registry.origins[name]}
                for name, rule in registry.rules.items()
            ]
        )
        return
    width = max(map(len, registry.rules))
    emit("".join(f"{name:{width}}  {rule.level.value:7}  {summary(rule)}\n" for name, rule in registry.rules.items()))


@click.command()
@click.argument("rule", shell_complete=completion.rules)
@click.option("--config", shell_complete=completion.paths, metavar="FILE", help="Configuration, for local plugins.")
def explain(rule: str, config: str | None) -> None:
    """Show the page of a rule: its purpose, its fix, its options."""
    from agentslint.docs import page
    from agentslint.engine.configuration import load_configuration
    from agentslint.engine.registry import load_registry

    registry = load_registry(load_configuration(Path.cwd(), config))
    found = registry.rules[registry.known(rule, "explain")]
    text = registry.with_options(found, page)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        emit(text)


@click.command()
@click.argument("rule_id")
@click.option("--into", default="rules", metavar="FOLDER", help="Folder of rules (rules).")
def new_rule(rule_id: str, into: str) -> None:
    """Write a new rule: its folder, a case that passes, one that fails."""
    from agentslint.testing.scaffold import write_rule

    for path in write_rule(rule_id, Path(into)):
        emit(f"wrote {path}\n")
