"""`agentslint contract`: which value decides which image, verified on the real chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agentslint import files
from agentslint.cli import completion
from agentslint.cli.help import examples
from agentslint.cli.output import printed, write
from agentslint.cli.rendering_options import rendering_options
from agentslint.cli.streams import emit
from agentslint.credentials import dropped
from agentslint.errors import AgentslintError, UsageError

if TYPE_CHECKING:
    from agentslint.contract import ChartContracts
    from agentslint.engine.session import Session
    from agentslint.query.verified_contracts import VerifiedContracts

FORMATS = ("text", "json", "markdown")
EXAMPLES = (
    ("agentslint contract argocd/applications/agents", "as the application sets its values"),
    ("agentslint contract charts/agents", "a chart with its own values"),
    ("agentslint contract charts/agents --write charts/agents/README.md", "keep the table in a file"),
    ("agentslint contract charts/agents --write charts/agents/README.md --check", "fail when it is stale"),
)


@click.command(short_help="Show which value decides which image, verified by renders.", epilog=examples(*EXAMPLES))
@click.argument("target", shell_complete=completion.paths)
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "markdown"]), default="text", help="text (default), json or markdown."
)
@click.option("--write", "file", metavar="FILE", help="Write the Markdown table into FILE, between two marks.")
@click.option("--check", is_flag=True, help="Write nothing: fail if the table in --write FILE is stale.")
@rendering_options
@click.option("--verbose", "-v", is_flag=True, help="Print the number of extra renders.")
@click.pass_context
def contract(ctx: click.Context, /, target: str, format_: str, file: str | None, check: bool, verbose: bool, **options: Any) -> None:
    """Show for each workload of TARGET which value decides its image, and its fallbacks.

    TARGET is a path, an application (argocd/web), or the folder of a Helm chart.

    The order is that of [[contracts]] in the configuration, else the one that the chart appears to follow. It is verified by renders with
    other values: set, left out, empty.

    Exit status: 0 verified, 1 a configured contract is not kept or the table in FILE is stale, 2 something could not be verified.
    """
    from agentslint.query.verified_contracts import contracts, nothing_to_show

    if check and not file:
        raise UsageError("--check needs --write FILE, the file with the table")
    with _run(target, options) as session:
        found = contracts(session)
        charts, failures = found.charts, found.failures
        status = 2 if failures else int(_is_broken(charts))
        why = nothing_to_show(found)
        if file is None:
            _print(found, [*found.notes, *([why] if why else [])], format_)
        elif not status:
            status = _keep(file, charts, target, check=check)
    for note in found.notes:
        click.echo(f"note: {dropped(note)}", err=True)
    if why:
        click.echo(f"{target}: {why}", err=True)
    for failure in failures:
        click.echo(f"not verified: {failure.target}: {dropped(failure.message)}", err=True)
    if verbose:
        click.echo(f"{found.renders} extra renders", err=True)
    ctx.exit(status)


@contextmanager
def _run(target: str, options: dict[str, Any]) -> Iterator[Session]:
    from agentslint.discover.lone_chart import around, is_chart
    from agentslint.engine.open_session import open_session
    from agentslint.engine.run_options import RunOptions

    if not is_chart(target):
        with open_session(RunOptions(paths=(target,), **options)) as (session, _):
            yield session
        return
    with around(Path(target)) as folder:
        settings = RunOptions((str(folder),), root=str(folder), config_from=target, **options)
        with open_session(settings) as (session, _):
            yield session


def _is_broken(charts: Iterable[ChartContracts]) -> bool:
    """Learnt chains are shown, but never count as broken."""
    from agentslint.contract.table import in_words

    breaches = [breach for chart in charts for breach in chart.breaches.of(chart.fields)]
    for breach in breaches:
        message = f"{breach.owner}: {'; '.join(map(in_words, breach.fields))}"
        click.echo(f"not kept: {breach.location.path}:{breach.location.region.start_line}: {dropped(message)}", err=True)
    return bool(breaches)


def _keep(file: str, charts: list[ChartContracts], target: str, *, check: bool) -> int:
    """Write the table into a file, or say whether it is there as it should be; returns the exit status."""
    from agentslint.contract.layout import as_markdown, with_table

    if not any(chart.verdicts for chart in charts):
        raise UsageError(f"{target}: there is no image block in the values, so there is no table to write")
    path = Path(file)
    try:
        before = files.read(path, files.KUSTOMIZATION).decode("utf-8") if path.exists() else ""
    except OSError as error:
        raise AgentslintError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise AgentslintError(f"{file} cannot be read: {error}") from None
    after = with_table(before, as_markdown(charts), file)
    if check and before != after:
        click.echo(f"{file}: the table is stale: run agentslint contract {target} --write {file}", err=True)
        return 1
    if before != after:
        write(file, after)
    return 0


def _print(found: VerifiedContracts, notes: list[str], format_: str) -> None:
    from agentslint.contract.layout import as_markdown, as_text
    from agentslint.contract.table import as_json

    if format_ == "json":
        rows = [{"target": failure.target, "message": failure.message} for failure in found.failures]
        printed({"charts": as_json(found.charts), "failures": rows, "notes": notes})
    else:
        text = as_text(found.charts) if format_ == "text" else as_markdown(found.charts)
        emit(f"{text}\n" if text else "")
