"""`agentslint diff`: the effect of a change on the rendered targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from agentslint.cli import completion
from agentslint.cli.help import examples
from agentslint.cli.look import here
from agentslint.cli.policy import policy_options
from agentslint.cli.streams import emit

if TYPE_CHECKING:
    from agentslint.diff import RunDifference
    from agentslint.engine.run_options import RunOptions
    from agentslint.engine.session import Session

EXAMPLES = (
    ("agentslint diff", "against where this branch left the default one, uncommitted changes included"),
    ("agentslint diff --base HEAD argocd/", "only what is not committed yet"),
    ("agentslint diff --base main... --format markdown", "for the comment of a pull request"),
    ("agentslint diff --other-helm ~/bin/helm-4", "what another helm makes of the work tree"),
)


@click.command(short_help="Show how the rendered targets differ from a base revision.", epilog=examples(*EXAMPLES))
@click.argument("paths", nargs=-1, shell_complete=completion.paths)
@click.option("--base", metavar="REV", help="Revision to compare with (that of the CI job, else where HEAD left the default branch).")
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json", "markdown"]), default="text", help="text (default), json or markdown."
)
@click.option("--config", shell_complete=completion.paths, metavar="FILE", help="Configuration.")
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Renders at a time (number of cores).")
@click.option("--offline", is_flag=True, help="Use no network: charts come from the cache or not at all.")
@click.option("--require-confinement", is_flag=True, help="Fail if the kernel cannot confine kustomize and helm.")
@policy_options
@click.option("--kustomize", shell_complete=completion.paths, metavar="PATH", help="The kustomize to use.")
@click.option("--helm", shell_complete=completion.paths, metavar="PATH", help="The helm to use.")
@click.option("--other-kustomize", shell_complete=completion.paths, metavar="PATH", help="Compare with the renders of this kustomize.")
@click.option("--other-helm", shell_complete=completion.paths, metavar="PATH", help="Compare with the renders of this helm.")
@click.pass_context
def diff(ctx: click.Context, /, paths: tuple[str, ...], format_: str, jobs: int | None, **options: Any) -> None:
    """Show the difference from a base revision: images, the commits between them, claims, APIs; and the findings of rules about a change.

    Only targets that differ are rendered, at the base and now. `--base main...` (three dots, as in git) is where HEAD left main.
    The work tree is compared as it is, with uncommitted and untracked files; it is never changed.

    With `--other-kustomize` or `--other-helm` the work tree is rendered twice, by the usual programs and by the others: the
    images and manifests that differ are shown, each with its authored line. No rule runs then.

    Exit status: 0 compared, 1 a rule about a change found something, 2 something could not be compared (wins over 1).
    """
    from msgspec.structs import replace

    from agentslint.diff import FORMATS, difference
    from agentslint.engine.exit_status import exit_status
    from agentslint.engine.open_session import open_session
    from agentslint.engine.run_options import RunOptions
    from agentslint.errors import UsageError

    others = options.pop("other_kustomize"), options.pop("other_helm")
    if any(others) and options["base"] is not None:
        raise UsageError("--base compares revisions, and --other-kustomize and --other-helm compare programs: ask for one at a time")
    settings = RunOptions(paths=paths or (".",), compares=not any(others), jobs=jobs or 0, **options)
    with open_session(settings) as (session, _):
        found = _by_others(session, settings, *others) if any(others) else difference(session)
        found.report.exit_code = exit_status(found.report, session.loaded.config, None, None, False)
    found = replace(found, folder=here())
    emit(FORMATS[format_](found), utf8=format_ != "text")
    ctx.exit(found.report.exit_code)


def _by_others(session: Session, settings: RunOptions, kustomize: str | None, helm: str | None) -> RunDifference:
    from agentslint.diff.by_others import difference_by_others
    from agentslint.engine.other_programs import with_other_programs

    with with_other_programs(session, settings, kustomize, helm) as run:
        return difference_by_others(session, run)
