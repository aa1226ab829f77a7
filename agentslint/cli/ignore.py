"""`agentslint ignore`: write suppression comments where there are findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agentslint.cli import completion
from agentslint.cli.baseline import tell_failures
from agentslint.credentials import dropped
from agentslint.errors import UsageError

if TYPE_CHECKING:
    from agentslint.engine.new_comments import NewComments


@click.command()
@click.argument("rule", required=False, shell_complete=completion.rules)
@click.argument("place", required=False, metavar="[FILE:LINE]", shell_complete=completion.paths)
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--until", metavar="YYYY-MM-DD", help="Last day on which it applies.")
@click.option(
    "--all",
    "all_",
    metavar="PATH",
    shell_complete=completion.paths,
    help="All current findings under this path (of RULE, if one is given).",
)
@click.option("--config", shell_complete=completion.paths, metavar="FILE", help="Configuration.")
@click.option("--base", metavar="REV", help="For a rule about a change: the revision that it is compared with.")
@click.option("--offline", is_flag=True, help="Use no network.")
@click.pass_context
def ignore(
    ctx: click.Context,
    /,
    rule: str | None,
    place: str | None,
    reason: str,
    until: str | None,
    all_: str | None,
    config: str | None,
    base: str | None,
    offline: bool,
) -> None:
    """Write a suppression comment at FILE:LINE, or with --all PATH one for every finding of today.

    Nothing but that line changes, or a line is added above it. With --all a comment may stand above an entry whose text has findings
    (`values: |`), and covers the text.
    """
    import datetime

    from agentslint.engine.new_comments import comment_all, comment_one
    from agentslint.engine.run_options import RunOptions
    from agentslint.suppress.writing import Acceptance

    options = RunOptions(config=config, offline=offline, base=base)
    acceptance = Acceptance(reason, until).checked(datetime.date.today())
    path, _, number = (place or "").rpartition(":")
    if all_ is not None and place is not None:
        raise UsageError("give either FILE:LINE or --all PATH")
    if all_ is None and not (rule and path and number.isdigit()):
        raise UsageError("name the finding to ignore: RULE FILE:LINE, or --all PATH")
    done = comment_one(rule or "", path, int(number), options, acceptance) if all_ is None else comment_all(all_, rule, options, acceptance)
    _tell(done, f"{place}: {rule}")
    ctx.exit(0 if done.is_complete else 2)


def _tell(done: NewComments, named: str) -> None:
    if done.is_known:
        click.echo(f"{named} is ignored there already")
    for path, line, rules in done.comments.written:
        click.echo(f"{path}:{line}: {', '.join(rules)} ignored")
    for path, line, why in done.comments.refused:
        click.echo(f"agentslint: {path}:{line}: {dropped(why)}", err=True)
    if done.report:
        tell_failures(done.report)
