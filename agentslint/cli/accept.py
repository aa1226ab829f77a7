"""`agentslint baseline` and `agentslint ignore`: accept what is there today."""

from __future__ import annotations

from pathlib import Path

import click

from agentslint.errors import UsageError


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--output", "-o", metavar="FILE", help="Baseline file (the configured one, else .agentslint-baseline.json).")
@click.option("--config", metavar="FILE", help="Configuration.")
@click.option("--offline", is_flag=True, help="Use no network.")
@click.pass_context
def baseline(ctx: click.Context, /, paths: tuple[str, ...], output: str | None, config: str | None, offline: bool) -> None:
    """Write down today's findings, so that only new ones fail the run.

    Entries of targets that are not linted now, or that do not render, are kept as they are.
    """
    from agentslint.lint import lint
    from agentslint.prepare import Settings, prepared
    from agentslint.suppress import FILE, read_baseline, write_baseline

    with prepared(Settings(paths=paths or (".",), config=config, offline=offline, baseline="")) as (run, _):
        configured = run.loaded.config.baseline
        path = Path(output) if output else (run.loaded.folder or Path()) / (configured or FILE)
        old = read_baseline(path) if path.exists() else None
        report = lint(run)
        if report.cut_short:
            raise UsageError("tracing was cut short, so places would differ in the next run: no baseline is written (--trace-timeout)")
        checked = {target.name for target in report.targets} - {failure.target for failure in report.failures}
        kept = [row for row in (old.rows if old else ()) if not set(row["targets"]) <= checked]
        counts = write_baseline(path, [result for result in report.active if not report.about_failure(result)], kept)
    for rule, count in counts.most_common():
        click.echo(f"{count:>6}  {rule}")
    click.echo(f"wrote {path}: {sum(counts.values())} findings" + ("" if run.loaded.config.baseline else f'; say `baseline = "{path}"`'))
    for failure in report.failures:
        click.echo(f"not checked: {failure.target}: {failure.message}", err=True)
    ctx.exit(2 if report.failures else 0)


@click.command()
@click.argument("rule", required=False)
@click.argument("place", required=False)
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--until", metavar="YYYY-MM-DD", help="Last day on which it holds.")
@click.option("--all", "all_", metavar="PATH", help="Every finding of today under this path.")
@click.option("--config", metavar="FILE", help="Configuration.")
@click.pass_context
def ignore(
    ctx: click.Context, /, rule: str | None, place: str | None, reason: str, until: str | None, all_: str | None, config: str | None
) -> None:
    """Write a suppression comment at FILE:LINE, changing that line only; or with --all PATH one for every finding of today."""
    from agentslint.config import load
    from agentslint.registry import load_registry
    from agentslint.suppress.writing import Wanted, write_comments

    if all_:
        from agentslint.lint import lint
        from agentslint.prepare import Settings, prepared

        with prepared(Settings(paths=(all_,), config=config)) as (run, _):
            report = lint(run)
        root = run.root
        wanted = [Wanted(result.rule_id, result.location.path, result.location.region.start_line) for result in report.active]
    else:
        path, _, line = (place or "").rpartition(":")
        if not (rule and path and line.isdigit()):
            raise UsageError("say what to ignore: RULE FILE:LINE, or --all PATH")
        loaded = load(Path(path).absolute().parent, config)
        root = Path.cwd()
        wanted = [Wanted(load_registry(loaded).known(rule, "ignore"), path, int(line))]
    written, refused = write_comments(root, wanted, reason, until)
    for message in written:
        click.echo(message)
    for message in refused:
        click.echo(f"agentslint: {message}", err=True)
    ctx.exit(2 if refused else 0)
