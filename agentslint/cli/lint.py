"""`agentslint lint`: the main job."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from agentslint.errors import UsageError
from agentslint.lint import Progress

Outputs = list[tuple[str, str | None]]


class PairedOutputs(click.Command):
    """Pairs each `--output` with the `--format` before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the order in which formats and outputs were given."""
        opts, _, order = self.make_parser(ctx).parse_args(args=list(args))
        given = {name: iter(opts.get(name) or ()) for name in ("format", "output")}
        pairs: Outputs = []
        for parameter in order:
            if parameter.name == "format":
                pairs.append((next(given["format"]), None))
            elif parameter.name == "output":
                path = next(given["output"])
                if pairs and pairs[-1][1] is None:
                    pairs[-1] = (pairs[-1][0], path)
                else:
                    pairs.append(("text", path))
        ctx.meta["outputs"] = pairs or [("text", None)]
        return super().parse_args(ctx, args)


@click.command(cls=PairedOutputs)
@click.argument("paths", nargs=-1)
@click.option("--format", "-f", multiple=True, metavar="NAME", help="text (default), sarif, json, github; more than one may be given.")
@click.option("--output", "-o", multiple=True, metavar="FILE", help="File for the --format before it; standard output without one.")
@click.option("--config", metavar="FILE", help="Configuration; else the nearest .agentslint.toml or [tool.agentslint] upward.")
@click.option("--select", multiple=True, metavar="RULE", help="Run only this rule (repeatable, or with commas).")
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not run this rule (repeatable, or with commas).")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Pass over these paths (gitignore pattern).")
@click.option("--all", "all_", is_flag=True, help="Lint bases, too, not only what nothing else refers to.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "note", "never"]), help="Lowest level that makes the run fail (warning).")
@click.option("--exit-zero", is_flag=True, help="Exit 0 in spite of findings (not of what could not be checked).")
@click.option("--render-errors", type=click.Choice(["fail", "warn"]), help="Whether a target that does not render fails the run (fail).")
@click.option("--stdin-name", default="<stdin>", metavar="NAME", help="What to call the stream that `-` reads.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Renders at a time (number of cores).")
@click.option("--offline", is_flag=True, help="Use no network: charts come from the cache or not at all.")
@click.option("--kustomize", metavar="PATH", help="The kustomize to use.")
@click.option("--helm", metavar="PATH", help="The helm to use.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours (auto: on a terminal).")
@click.option("--category", default="agentslint", metavar="NAME", help="SARIF: what tells this analysis from others of the commit.")
@click.option("--sarif-suppressed", is_flag=True, help="SARIF: keep suppressed results, marked as such.")
@click.option("--statistics", is_flag=True, help="Count findings by rule.")
@click.option("--quiet", "-q", is_flag=True, help="One line a finding.")
@click.option("--verbose", "-v", is_flag=True, help="All that the renderers said.")
@click.pass_context
def lint(ctx: click.Context, paths: tuple[str, ...], **options: Any) -> None:
    """Lint folders, kustomizations, manifests, or a rendered stream (`-`).

    Any other file of the repository (a values file, a patch, a chart's template) stands for the targets that read it.

    Exit status: 0 clean, 1 findings, 2 something could not be checked.
    """
    from agentslint.prepare import Settings, prepared
    from agentslint.verdict import exit_code

    settings = Settings(
        paths=paths or (".",),
        config=options["config"],
        select=_split(options["select"]),
        ignore=_split(options["ignore"]),
        exclude=options["exclude"],
        all=options["all_"],
        stdin_name=options["stdin_name"],
        jobs=options["jobs"] or 0,
        offline=options["offline"],
        kustomize=options["kustomize"],
        helm=options["helm"],
    )
    with progress_bar(options["quiet"]) as progress, prepared(settings, progress) as (run, registry):
        reporters = registry.reporters()
        check_outputs(ctx.meta["outputs"], reporters)
        from agentslint.lint import lint as run_lint

        report = run_lint(run)
        report.exit_code = exit_code(report, run.loaded.config, options["fail_on"], options["render_errors"], options["exit_zero"])
        texts = [(path, reporters[name](report, _report_options(options, path))) for name, path in ctx.meta["outputs"]]
    for path, text in texts:
        write(path, text)
    ctx.exit(report.exit_code)


def check_outputs(outputs: Outputs, reporters: Mapping[str, object]) -> None:
    """Refuse unknown formats, and two of them on one file, before anything is rendered."""
    for name, _ in outputs:
        if name not in reporters:
            raise UsageError(f"--format: there is no format {name!r}; there are: {', '.join(reporters)}")
    paths = [path for _, path in outputs]
    if len(paths) != len(set(paths)):
        raise UsageError("two formats would be written to one place; give each --format its own --output")


def write(path: str | None, text: str) -> None:
    """Write a report whole or not at all."""
    if path in (None, "-"):
        click.echo(text, nl=False)
        return
    import os
    import tempfile

    folder = Path(path or "").absolute().parent
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=".agentslint-", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            mask = os.umask(0)
            os.umask(mask)
            Path(file.name).chmod(0o666 & ~mask)
            Path(file.name).replace(path or "")
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _split(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip())


def _report_options(options: Mapping[str, Any], path: str | None) -> Any:
    import shutil

    from agentslint.report import ReportOptions

    terminal = path is None and sys.stdout.isatty()
    return ReportOptions(
        color=_wants_color(options["color"], terminal),
        verbose=options["verbose"],
        quiet=options["quiet"],
        statistics=options["statistics"],
        sarif_suppressed=options["sarif_suppressed"],
        width=shutil.get_terminal_size().columns if terminal else None,
        category=options["category"],
    )


def _wants_color(choice: str, terminal: bool) -> bool:
    """https://no-color.org: any value of NO_COLOR turns colours off, unless they are asked for."""
    import os

    return choice == "always" or (choice == "auto" and terminal and not os.environ.get("NO_COLOR"))


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """A bar on standard error while targets render, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn

    columns = (TextColumn("rendering"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("rendering", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
