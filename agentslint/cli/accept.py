"""`agentslint baseline` and `agentslint ignore`: accept what is there today."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agentslint import files
from agentslint.cli.policy import policy_options
from agentslint.cli.seconds import Seconds
from agentslint.credentials import dropped
from agentslint.errors import UsageError

if TYPE_CHECKING:
    from agentslint.engine.session import Session
    from agentslint.model import Report
    from agentslint.suppress.baseline import Baseline, BaselineRow
    from agentslint.suppress.writing import Acceptance

Wanted = dict[str, dict[int, set[str]]]
"""File -> line -> rules to ignore there."""


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--output", "-o", metavar="FILE", help="Baseline file (the configured one, else .agentslint-baseline.json).")
@click.option("--config", metavar="FILE", help="Configuration.")
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
    from agentslint.policy import named_baseline
    from agentslint.rule import scope
    from agentslint.suppress import FILE, Baseline, Coverage, read_baseline
    from agentslint.suppress.baseline import rows, written

    settings = RunOptions(paths=paths or (".",), baseline="", **options)
    with open_session(settings) as (session, _):
        named = None if output else named_baseline(session.loaded, session.root, at_commit=session.policy is not None)
        path = Path(output) if output else named or (session.loaded.folder or session.root) / FILE
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
    _tell_failures(report)
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
        click.echo(f'use it with `--baseline {shown}`, or with `baseline = "{name}"` in the configuration')


def _tell_failures(report: Report) -> None:
    for failure in report.failures:
        click.echo(f"not checked: {failure.target}: {dropped(failure.message)}", err=True)


@click.command()
@click.argument("rule", required=False)
@click.argument("place", required=False, metavar="[FILE:LINE]")
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--until", metavar="YYYY-MM-DD", help="Last day on which it applies.")
@click.option("--all", "all_", metavar="PATH", help="All current findings under this path (of RULE, if one is given).")
@click.option("--config", metavar="FILE", help="Configuration.")
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
    offline: bool,
) -> None:
    """Write a suppression comment at FILE:LINE, changing that line only; or with --all PATH one for every finding of today."""
    import datetime

    from agentslint.suppress.writing import Acceptance

    acceptance = Acceptance(reason, until).checked(datetime.date.today())
    if all_ is None:
        complete = _write_comments(Path(), _one(rule, place, config), acceptance)
    elif place is not None:
        raise UsageError("give either FILE:LINE or --all PATH")
    else:
        complete = _ignore_all(all_, rule, config, offline, acceptance)
    ctx.exit(0 if complete else 2)


def _one(rule: str | None, place: str | None, config: str | None) -> Wanted:
    from agentslint.config import load
    from agentslint.engine.registry import load_registry

    path, _, line = (place or "").rpartition(":")
    if not (rule and path and line.isdigit()):
        raise UsageError("name the finding to ignore: RULE FILE:LINE, or --all PATH")
    registry = load_registry(load(Path(path).absolute().parent, config))
    return {path: {int(line): {registry.known(rule, "ignore")}}}


def _ignore_all(path: str, rule: str | None, config: str | None, offline: bool, acceptance: Acceptance) -> bool:
    """Accept what one run finds; tells whether everything could be."""
    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.engine.run_options import RunOptions
    from agentslint.rule import scope

    with open_session(RunOptions(paths=(path,), config=config, offline=offline)) as (session, registry):
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
    _tell_failures(report)
    return complete and not report.failures and not any(result.rule_id in accusers for result in found)


def _write_comments(root: Path, wanted: Wanted, acceptance: Acceptance) -> bool:
    """Write the comments, each file once; says what was written, and what could not be. Tells whether all were."""
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
    from agentslint.suppress.comments import is_template
    from agentslint.suppress.writing import with_comments

    full = root / path
    try:
        text = files.read_in(root, path).decode("utf-8")
        changed, refused = with_comments(text, path, lines, acceptance, template=is_template(full))
        if changed != text:
            files.save(full, changed.encode())
    except UnicodeDecodeError:
        return dict.fromkeys(lines, "the file is not UTF-8")
    except OSError as error:
        return dict.fromkeys(lines, f"the file cannot be changed: {error.strerror or error}")
    return refused


def _refuse(path: str, line: int, why: str) -> None:
    click.echo(f"agentslint: {path}:{line}: {dropped(why)}", err=True)
