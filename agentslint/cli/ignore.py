"""`agentslint ignore`: write suppression comments where there are findings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agentslint import files
from agentslint.cli import completion
from agentslint.cli.accept import tell_failures
from agentslint.credentials import dropped
from agentslint.errors import UsageError

if TYPE_CHECKING:
    from agentslint.engine.run_options import RunOptions
    from agentslint.suppress.writing import Acceptance

Wanted = dict[str, dict[int, set[str]]]
"""File -> line -> rules to ignore there."""


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
    """Write a suppression comment at FILE:LINE, changing that line only; or with --all PATH one for every finding of today."""
    import datetime

    from agentslint.engine.run_options import RunOptions
    from agentslint.suppress.writing import Acceptance

    options = RunOptions(config=config, offline=offline, base=base)
    acceptance = Acceptance(reason, until).checked(datetime.date.today())
    if all_ is None:
        complete = _ignore_one(rule, place, options, acceptance)
    elif place is not None:
        raise UsageError("give either FILE:LINE or --all PATH")
    else:
        complete = _ignore_all(all_, rule, options, acceptance)
    ctx.exit(0 if complete else 2)


def _ignore_one(rule: str | None, place: str | None, options: RunOptions, acceptance: Acceptance) -> bool:
    """Accept a finding that is there; tells whether it is accepted now."""
    from agentslint.config import load
    from agentslint.engine.found_at import found_at
    from agentslint.engine.registry import load_registry
    from agentslint.rule import scope

    path, _, number = (place or "").rpartition(":")
    if not (rule and path and number.isdigit()):
        raise UsageError("name the finding to ignore: RULE FILE:LINE, or --all PATH")
    line = int(number)
    registry = load_registry(load(Path(path).absolute().parent, options.config))
    kind = registry.rules[registry.known(rule, "ignore")]
    if "check_ignores" in scope(kind):
        raise UsageError(f"{rule} judges suppressions: remove what is stale instead")
    written, refused = _commented(Path(), path, {line: {rule}}, acceptance)
    if refused:
        _refuse(path, line, refused[line])
        return False
    if written is None:
        click.echo(f"{path}:{line}: {rule} is ignored there already")
        return True
    found = found_at(kind, path, line, options)
    if not found.there:
        tell_failures(found.report)
        _refuse(path, line, found.why)
        return False
    return _write_comments(Path(), {path: {line: {rule}}}, acceptance)


def _ignore_all(path: str, rule: str | None, options: RunOptions, acceptance: Acceptance) -> bool:
    """Accept what one run finds; tells whether everything could be."""
    from dataclasses import replace

    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.rule import scope

    with open_session(replace(options, paths=(path,))) as (session, registry):
        only = registry.known(rule, "ignore") if rule else None
        report = lint(session)
    found = [result for result in report.active if only in (None, result.rule_id) and not report.about_failure(result)]
    accusers = {name for name, kind in report.rules.items() if "check_ignores" in scope(kind)}
    wanted: Wanted = {}
    for result in found:
        if result.rule_id not in accusers:
            place = result.location
            wanted.setdefault(place.path, {}).setdefault(place.region.start_line, set()).add(result.rule_id)
    complete = _write_comments(session.root, wanted, acceptance)
    for result in found:
        if result.rule_id in accusers:
            _refuse(result.location.path, result.location.region.start_line, f"{result.finding.message}; remove it instead")
    tell_failures(report)
    return complete and not report.failures and not any(result.rule_id in accusers for result in found)


def _write_comments(root: Path, wanted: Wanted, acceptance: Acceptance) -> bool:
    """Write the comments, each file once, and report them with those that could not be written. Tells whether all were written."""
    complete = True
    for path, lines in sorted(wanted.items()):
        refused = _comment_file(root, path, lines, acceptance)
        for line, rules in sorted(lines.items()):
            if line in refused:
                _refuse(path, line, refused[line])
            else:
                click.echo(f"{path}:{line}: {', '.join(sorted(rules))} ignored")
        complete = complete and not refused
    return complete


def _comment_file(root: Path, path: str, lines: Mapping[int, set[str]], acceptance: Acceptance) -> dict[int, str]:
    """Write a file with comments; returns why a line has none."""
    written, refused = _commented(root, path, lines, acceptance)
    try:
        if written is not None:
            files.save(root / path, written)
    except OSError as error:
        return _unchanged(lines, error)
    return refused


def _commented(root: Path, path: str, lines: Mapping[int, set[str]], acceptance: Acceptance) -> tuple[bytes | None, dict[int, str]]:
    """Return a file with comments, None where it stays as it is; and why a line has none."""
    from agentslint.suppress.comments import is_template
    from agentslint.suppress.writing import with_comments

    try:
        text = files.read_in(root, path).decode("utf-8")
    except UnicodeDecodeError:
        return None, dict.fromkeys(lines, "the file is not UTF-8")
    except OSError as error:
        return None, _unchanged(lines, error)
    changed, refused = with_comments(text, path, lines, acceptance, template=is_template(root / path))
    return changed.encode() if changed != text else None, refused


def _unchanged(lines: Mapping[int, set[str]], error: OSError) -> dict[int, str]:
    return dict.fromkeys(lines, f"the file cannot be changed: {error.strerror or error}")


def _refuse(path: str, line: int, why: str) -> None:
    click.echo(f"agentslint: {path}:{line}: {dropped(why)}", err=True)
