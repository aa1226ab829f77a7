"""`agentslint baseline`: what is there today is accepted, what is new is not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agentslint import files
from agentslint.cli import completion
from agentslint.cli.policy import policy_options
from agentslint.cli.seconds import Seconds
from agentslint.credentials import dropped
from agentslint.errors import UsageError

if TYPE_CHECKING:
    from agentslint.engine.session import Session
    from agentslint.model import Report
    from agentslint.suppress.baseline import Baseline, BaselineRow


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
@click.option("--trace-timeout", type=Seconds(), metavar="SECONDS", help="Time for tracing; past it no baseline is written.")
@policy_options
@click.pass_context
def baseline(ctx: click.Context, /, paths: tuple[str, ...], output: str | None, **options: Any) -> None:
    """Write down today's findings, so that only new ones fail the run.

    Entries of targets that are not linted now, or that do not render, are kept as they are.
    """
    from agentslint.config.tree import ON_DISK
    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.engine.run_options import RunOptions
    from agentslint.rule import scope
    from agentslint.suppress import FILE, Baseline, Coverage, read_baseline
    from agentslint.suppress.baseline import rows, written

    settings = RunOptions(paths=paths or (".",), baseline="", **options)
    with open_session(settings) as (session, _):
        path = Path(output) if output else (session.loaded.folder or session.root) / (session.loaded.config.baseline or FILE)
        tree = session.policy.tree if session.policy else ON_DISK
        old = read_baseline(path, tree) if tree.exists(path) else Baseline(path)
        report = lint(session)
        if report.cut_short:
            raise UsageError(f"{path} is not written: tracing was cut short (--trace-timeout), and the next run would find other places")
        lasting = [name for name, rule in report.rules.items() if "check_change" not in scope(rule)]
        seen = Coverage.of(lasting, [target.name for target in report.targets], report.failures, session.repository)
        new = rows([result for result in report.active if not report.about_failure(result)], old.kept(seen))
    files.save(path, written(new).encode())
    _tell_baseline(session, old, new)
    tell_failures(report)
    ctx.exit(2 if report.failures else 0)


def _tell_baseline(session: Session, old: Baseline, new: Iterable[BaselineRow]) -> None:
    counts = Counter(row.rule for row in new)
    before, after = {row.known_by for row in old.rows}, {row.known_by for row in new}
    for rule, count in counts.most_common():
        click.echo(f"{count:>6}  {rule}")
    shown = os.path.relpath(old.path)
    total = sum(counts.values())
    click.echo(f"wrote {shown}: {total} finding{'' if total == 1 else 's'}, {len(after - before)} new, {len(before - after)} removed")
    if not session.loaded.config.baseline:
        name = os.path.relpath(old.path, session.loaded.folder or session.root)
        click.echo(f'it counts with `--baseline {shown}`, or with `baseline = "{name}"` in the configuration')


def tell_failures(report: Report) -> None:
    """Say what could not be checked."""
    for failure in report.failures:
        click.echo(f"not checked: {failure.target}: {dropped(failure.message)}", err=True)
