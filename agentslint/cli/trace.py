"""`agentslint trace` and `agentslint impact`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from agentslint.cli import completion
from agentslint.cli.output import printed
from agentslint.cli.rendering_options import rendering_options, text_or_json
from agentslint.credentials import dropped
from agentslint.errors import UsageError

if TYPE_CHECKING:
    from agentslint.engine.session import Session
    from agentslint.model import Failure, Location
    from agentslint.query.field_origins import TracedField
    from agentslint.query.impact import Impact, Instead
    from agentslint.report.seen_from import SeenFrom

_WITHHELD = "(not shown: it may be secret)"


@click.command()
@click.argument("target", shell_complete=completion.paths)
@click.argument("resource", required=False)
@click.argument("field", required=False)
@text_or_json
@rendering_options
@click.pass_context
def trace(ctx: click.Context, /, target: str, resource: str | None, field: str | None, format_: str, **options: Any) -> None:
    """Show where rendered fields of a path, or of an application (argocd/web), come from: the authored scalar, proven by changing it.

    Without a RESOURCE (Deployment/agents, globs allowed) all fields that hold an image, a digest or a git SHA; with a FIELD
    (spec.template.spec.containers[0].image, containers[app].image by name, or only the end of it) that one.

    Exit status: 0 answered, 2 something does not render.
    """
    from agentslint.engine.open_session import open_session
    from agentslint.engine.run_options import RunOptions
    from agentslint.query.field_origins import origins

    with open_session(RunOptions(paths=(target,), **options)) as (session, _):
        found, failures = origins(session, resource, field)
    if format_ == "json":
        printed({"fields": [_row(item) for item in found], "failures": [_failure(failure) for failure in failures]})
    else:
        seen = _seen(session)
        _echo(_tree(found, seen))
        _tell(failures, "traced", seen)
    ctx.exit(2 if failures else 0)


@click.command()
@click.argument("file", metavar="FILE[:LINE]", shell_complete=completion.paths)
@click.argument("key_path", required=False)
@text_or_json
@rendering_options
@click.pass_context
def impact(ctx: click.Context, /, file: str, key_path: str | None, format_: str, **options: Any) -> None:
    """Show which rendered fields a scalar decides: FILE:LINE, or FILE and a KEY_PATH (controllers.image.digest).

    If it decides none, the scalars that decide instead are shown.

    Exit status: 0 answered, 2 something does not render.
    """
    from agentslint.engine.open_session import open_session, relative_to_root
    from agentslint.engine.run_options import RunOptions
    from agentslint.query.impact import impact as inquire

    path, _, line = file.rpartition(":")
    if key_path is None and not (path and line.isdigit()):
        raise UsageError("name the value: FILE:LINE, or FILE KEY_PATH")
    path, where = (file, key_path) if key_path is not None else (path, line)
    with open_session(RunOptions(paths=(path,), **options)) as (session, _):
        found, failures = inquire(session, relative_to_root(session.root, path), where)
    if format_ == "json":
        printed({"scalars": [_impact_row(item) for item in found], "failures": [_failure(failure) for failure in failures]})
    else:
        seen = _seen(session)
        _echo(line for item in found for line in _impact_lines(item, seen))
        _tell(failures, "checked", seen)
    ctx.exit(2 if failures or any(item.failures for item in found) else 0)


def _seen(session: Session) -> SeenFrom:
    """Places are shown from where people stand."""
    from agentslint.cli.look import here
    from agentslint.report.seen_from import SeenFrom

    return SeenFrom(session.root, here())


def _tree(found: Iterable[TracedField], seen: SeenFrom) -> Iterator[str]:
    owner = ("", "")
    for item in found:
        if owner != (item.target, item.field.manifest.resource):
            owner = (item.target, item.field.manifest.resource)
            yield f"{dropped(owner[1])}  ({owner[0]})"
        yield f"  {dropped(item.words.partition(' ')[2])}"
        for origin in item.origins:
            yield f"    {_WITHHELD if item.is_secret else dropped(origin.text)}"
            yield f"      {_place(origin.location, seen)}  {origin.certainty.value}"
            yield from (f"        {_step(step, seen)}" for step in origin.steps)
        yield from (f"    depends on {_place(place, seen)} through a condition" for place in item.conditions)


def _impact_lines(item: Impact, seen: SeenFrom) -> Iterator[str]:
    yield f"{_place(item.scalar.location(), seen)} = {_WITHHELD if item.is_secret else dropped(item.scalar.text)}"
    yield from (f"  {dropped(message)}" for message in item.failures)
    if not item.changed and not item.failures:
        yield "  has no effect"
    yield from _by_target("decides", [(target, dropped(words)) for target, words in item.changed])
    yield from _by_target(
        "instead", [(other.target, f"{dropped(other.words)} is decided by {_place(other.location, seen)}") for other in item.instead]
    )


def _by_target(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for target, found in groupby(rows, key=lambda row: row[0]):
        yield f"  {title}, in {target}:"
        yield from (f"    {words}" for _, words in found)


def _place(location: Location, seen: SeenFrom) -> str:
    from agentslint.facts.named_places import written

    return (
        f"{seen(location.path)}:{location.region.start_line}:{location.region.start_column} {dropped(written(location.key_path))}".rstrip()
    )


def _step(step: Location, seen: SeenFrom) -> str:
    return f"{seen(step.path)}:{step.region.start_line} {dropped(step.message)}".rstrip()


def _echo(lines: Iterable[str]) -> None:
    from agentslint.report.escape import visible

    for line in lines:
        click.echo(visible(line))


def _tell(failures: Iterable[Failure], done: str, seen: SeenFrom) -> None:
    for failure in failures:
        where = f"{seen(failure.location.path)}:{failure.location.region.start_line}: " if failure.location else ""
        click.echo(f"agentslint: {where}not {done}: {failure.target}: {dropped(failure.message)}", err=True)


def _row(item: TracedField) -> dict[str, Any]:
    from agentslint.query.field_origins import shown

    return {
        "target": item.target,
        "resource": item.field.manifest.resource,
        "field": item.field.path,
        "named": item.words.partition(" ")[2],
        "value": None if item.is_secret else shown(item.field),
        "origins": [
            {
                "text": None if item.is_secret else origin.text,
                **_location(origin.location),
                "certainty": origin.certainty.value,
                "steps": [{**_location(step), "message": step.message} for step in origin.steps],
            }
            for origin in item.origins
        ],
        "depends_on": [_location(place) for place in item.conditions],
    }


def _impact_row(item: Impact) -> dict[str, Any]:
    return {
        **_location(item.scalar.location()),
        "text": None if item.is_secret else item.scalar.text,
        "decides": [{"target": target, "field": words} for target, words in item.changed],
        "failures": list(item.failures),
        "instead": [_instead_row(other) for other in item.instead],
    }


def _instead_row(other: Instead) -> dict[str, Any]:
    return {"target": other.target, "field": other.words, "decided_by": _location(other.location)}


def _location(location: Location) -> dict[str, Any]:
    from agentslint.report.json_report import place

    return place(location)


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "target": failure.target,
        "message": failure.message,
        "path": failure.location.path if failure.location else None,
        "line": failure.location.region.start_line if failure.location else None,
    }
