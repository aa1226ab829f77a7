"""`agentslint baseline`: accepts today's findings, so that only new ones fail."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from agentslint.cli import completion
from agentslint.cli.policy import policy_options
from agentslint.cli.seconds import Seconds
from agentslint.credentials import dropped

if TYPE_CHECKING:
    from agentslint.engine.new_baseline import NewBaseline
    from agentslint.engine.session import Session
    from agentslint.model import Report


@click.command()
@click.argument("paths", nargs=-1, shell_complete=completion.paths)
@click.option(
    "--output",
    "-o",
    shell_complete=completion.paths,
    metavar="FILE",
    help="Baseline file (the configured one, else .agentslint-baseline.json).",
)
@click.option("--config", shell_complete=completion.paths, metavar="FILE", help="Configuration.")
@click.option("--offline", is_flag=True, help="Use no network.")
@click.option("--trace-timeout", type=Seconds(), metavar="SECONDS", help="Time limit for tracing; beyond it no baseline is written.")
@policy_options
@click.pass_context
def baseline(ctx: click.Context, /, paths: tuple[str, ...], output: str | None, **options: Any) -> None:
    """Write the current findings into a baseline, so that only new ones fail the run.

    Entries of targets that are not linted now, or that do not render, are kept as they are.
    """
    from agentslint.engine.open_session import open_session
    from agentslint.engine.run_options import RunOptions

    settings = RunOptions(paths=paths or (".",), baseline="", **options)
    with open_session(settings) as (session, _):
        ctx.exit(accept_today(session, output))


def accept_today(session: Session, output: str | None) -> int:
    """Write the baseline and say what is in it; returns the exit status."""
    from agentslint.engine.new_baseline import write_baseline

    done = write_baseline(session, output)
    _tell_baseline(done)
    tell_failures(done.report)
    return 2 if done.report.failures else 0


def _tell_baseline(done: NewBaseline) -> None:
    counts = Counter(row.rule for row in done.new)
    before, after = {row.known_by for row in done.old.rows}, {row.known_by for row in done.new}
    for rule, count in counts.most_common():
        click.echo(f"{count:>6}  {rule}")
    shown = os.path.relpath(done.old.path)
    total = sum(counts.values())
    click.echo(f"wrote {shown}: {total} finding{'' if total == 1 else 's'}, {len(after - before)} new, {len(before - after)} removed")
    if done.is_found:
        click.echo("the next run uses it: only new findings fail")
    else:
        click.echo(f"use it with `--baseline {shown}`, or name it in the configuration (`baseline`)")


def tell_failures(report: Report) -> None:
    """Say what could not be checked."""
    for failure in report.failures:
        click.echo(f"not checked: {failure.target}: {dropped(failure.message)}", err=True)
