"""`agentslint lint`: the main job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from agentslint.cli import completion
from agentslint.cli.help import examples
from agentslint.cli.look import progress_bar, report_options
from agentslint.cli.output import Outputs, PairedOutputs, check_formats, check_places, write_all
from agentslint.cli.policy import policy_options
from agentslint.cli.seconds import Seconds
from agentslint.errors import AgentslintError, PluginError

if TYPE_CHECKING:
    from agentslint.engine.run_options import RunOptions
    from agentslint.report import Report, Reporter, ReportOptions

SECTIONS = {
    "Input": ("base", "exclude", "all_", "pass_without_target", "stdin_name", "config"),
    "Policy": ("policy_from", "untrusted"),
    "Rules and failures": ("select", "ignore", "baseline", "baseline_write", "fail_on", "render_errors", "exit_zero"),
    "Reports": ("format", "output", "statistics", "quiet", "verbose", "color", "category", "sarif_suppressed"),
    "Rendering": ("jobs", "offline", "require_confinement", "no_trace", "trace_timeout", "kustomize", "helm"),
}

EXAMPLES = (
    ("agentslint argocd/", "all targets below a folder"),
    ("agentslint argocd/agents/values.yaml", "the targets that read a file"),
    ("kustomize build . | agentslint -", "a rendered stream"),
    ("agentslint -f text -f sarif -o agentslint.sarif", "a report to read and one to upload"),
    ("agentslint --select require-digest,mutable-tag", "only these rules"),
)


class LintCommand(PairedOutputs):
    """`agentslint lint`."""

    sections = SECTIONS


@click.command(cls=LintCommand, short_help="Lint folders, kustomizations, manifests, a rendered stream.", epilog=examples(*EXAMPLES))
@click.argument("paths", nargs=-1, shell_complete=completion.paths)
@click.option(
    "--format",
    "-f",
    shell_complete=completion.formats,
    multiple=True,
    metavar="NAME",
    help="text (default), sarif, json or github; may be repeated.",
)
@click.option(
    "--output",
    "-o",
    shell_complete=completion.paths,
    multiple=True,
    metavar="FILE",
    help="File for the --format before it (standard output).",
)
@click.option(
    "--config",
    shell_complete=completion.paths,
    metavar="FILE",
    help="Configuration (the nearest .agentslint.toml, or pyproject.toml with a [tool.agentslint], from the path upward).",
)
@click.option(
    "--select", shell_complete=completion.rules, multiple=True, metavar="RULE", help="Run only these rules (repeated, or with commas)."
)
@click.option(
    "--ignore", shell_complete=completion.rules, multiple=True, metavar="RULE", help="Do not run these rules (repeated, or with commas)."
)
@click.option("--base", metavar="REV", help="Also check the changes since this revision (default: the base of the CI job, if any).")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Skip these paths (gitignore pattern).")
@click.option("--all", "all_", is_flag=True, help="Also lint bases, which other targets refer to.")
@click.option("--pass-without-target", is_flag=True, help="Pass if the paths belong to no target (pre-commit).")
@click.option(
    "--baseline",
    shell_complete=completion.paths,
    metavar="FILE",
    help="Baseline: its findings do not fail the run (`agentslint baseline` writes it).",
)
@click.option("--baseline-write", is_flag=True, help="Write the current findings to the baseline file instead of a report.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    metavar="LEVEL",
    help="Lowest level that fails the run: error, warning (default), note or never.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 despite findings (still 2 if something could not be checked).")
@click.option(
    "--render-errors",
    type=click.Choice(["fail", "warn"]),
    metavar="HOW",
    help="Effect of a target that does not render: fail (default, status 2) or warn.",
)
@click.option("--stdin-name", default="<stdin>", metavar="NAME", help="Name for the stream that `-` reads.")
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Renders at a time (number of cores).")
@click.option("--offline", is_flag=True, help="Use no network: charts come from the cache or not at all.")
@click.option("--require-confinement", is_flag=True, help="Fail if the kernel cannot confine kustomize and helm.")
@click.option("--no-trace", is_flag=True, help="Make no extra renders: findings are located by text alone.")
@click.option("--trace-timeout", type=Seconds(), metavar="SECONDS", help="Time limit for extra renders; beyond it no SARIF is written.")
@click.option("--kustomize", shell_complete=completion.paths, metavar="PATH", help="The kustomize to use.")
@click.option("--helm", shell_complete=completion.paths, metavar="PATH", help="The helm to use.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    metavar="WHEN",
    help="Colours: auto (default, on a terminal), always or never.",
)
@click.option("--category", default="agentslint", metavar="NAME", help="SARIF: name of this analysis among others of the commit.")
@policy_options
@click.option("--sarif-suppressed", is_flag=True, help="SARIF: keep suppressed results, marked as such.")
@click.option("--statistics", is_flag=True, help="Count findings by rule.")
@click.option("--quiet", "-q", is_flag=True, help="One line for each finding, and for what was not checked or rendered.")
@click.option("--verbose", "-v", is_flag=True, help="Show the whole output of the renderers.")
@click.pass_context
def lint(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Lint folders, kustomizations, manifests, or a rendered stream (`-`).

    Without a path, the current folder. Any other file of the repository (a values file, a patch, a chart's template) stands for the
    targets that read it. An application is named like a path: argocd/web.

    Exit status: 0 clean, 1 findings, 2 something could not be checked (wins over 1), 130 interrupted.
    """
    from msgspec.structs import replace

    from agentslint.cli.baseline import accept_today
    from agentslint.engine.exit_status import exit_status, toned_down
    from agentslint.engine.open_session import open_session

    outputs = ctx.meta["outputs"]
    refuse(paths, options)
    if options["baseline_write"]:
        if options["format"] or options["output"]:
            raise click.UsageError("--baseline-write makes no report: leave out --format and --output.")
        with open_session(replace(_settings(paths, options), baseline="")) as (session, _):
            ctx.exit(accept_today(session, options["baseline"]))
    check_places(outputs)
    with progress_bar(options["quiet"]) as progress, open_session(_settings(paths, options), progress) as (session, registry):
        reporters = registry.reporters()
        check_formats(outputs, reporters)
        from agentslint.engine.pipeline import lint as run_lint
        from agentslint.report.clean import without_credentials

        report = run_lint(session)
        report.exit_code = exit_status(report, session.loaded.config, options["fail_on"], options["render_errors"], options["exit_zero"])
        report = toned_down(report, session.loaded.config, options["render_errors"])
        outputs, refused = uploadable(outputs, report.cut_short)
        shown = without_credentials(report)
        texts = [made(name, reporters[name], shown, report_options(options, path)) for name, path in outputs]
    write_all(outputs, texts)
    if options["verbose"]:
        tell_confinement()
    if refused:
        raise AgentslintError(refused)
    ctx.exit(report.exit_code)


def tell_confinement() -> None:
    """Say where the kernel does not confine renderers."""
    from agentslint.children import hindrance

    if why := hindrance():
        click.echo(f"agentslint: renderers are not confined: {why}", err=True)


def refuse(paths: tuple[str, ...], options: Mapping[str, Any]) -> None:
    """Refuse words that cannot be meant; raises UsageError."""
    if options["quiet"] and options["verbose"]:
        raise click.UsageError("--quiet and --verbose exclude each other.")
    if "" in paths:
        raise click.UsageError("a path is empty (an unset variable?); the current folder is '.'.")
    if not options["stdin_name"]:
        raise click.UsageError("--stdin-name must not be empty.")


def made(name: str, reporter: Reporter, report: Report, options: ReportOptions) -> str:
    """Return the text of a report; raises PluginError where a plugin's format fails."""
    from agentslint.report import BUILTIN

    try:
        return reporter(report, options)
    except Exception as error:
        if name in BUILTIN:
            raise
        raise PluginError(f"the report format {name!r} of a plugin failed: {type(error).__name__}: {error}") from error


def _settings(paths: tuple[str, ...], options: Mapping[str, Any]) -> RunOptions:
    from agentslint.engine.run_options import RunOptions

    return RunOptions(
        paths=paths or (".",),
        config=options["config"],
        select=_split(options["select"]),
        ignore=_split(options["ignore"]),
        exclude=options["exclude"],
        all=options["all_"],
        nothing_passes=options["pass_without_target"],
        stdin_name=options["stdin_name"],
        jobs=options["jobs"] or 0,
        offline=options["offline"],
        require_confinement=options["require_confinement"],
        kustomize=options["kustomize"],
        helm=options["helm"],
        trace=not options["no_trace"],
        trace_timeout=options["trace_timeout"],
        baseline=options["baseline"],
        base=options["base"],
        policy_from=options["policy_from"],
        untrusted=options["untrusted"],
    )


def uploadable(outputs: Outputs, cut_short: bool) -> tuple[Outputs, str]:
    """Return the outputs to write, and why SARIF is not among them where tracing was cut short: alerts would close and open elsewhere."""
    kept = [output for output in outputs if not (cut_short and output[0] == "sarif")]
    why = "no SARIF is written: tracing was cut short (--trace-timeout), and the next run would find other places"
    return kept, why if len(kept) < len(outputs) else ""


def _split(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip())
