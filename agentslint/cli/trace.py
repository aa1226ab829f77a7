"""`agentslint trace` and `agentslint impact`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from agentslint.errors import UsageError

if TYPE_CHECKING:
    from agentslint.inquiry import Impact, TracedField
    from agentslint.model import Failure, Location


@click.command()
@click.argument("target")
@click.argument("resource", required=False)
@click.argument("field", required=False)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", metavar="FILE", help="Configuration.")
@click.option("--offline", is_flag=True, help="Use no network.")
@click.pass_context
def trace(
    ctx: click.Context, target: str, resource: str | None, field: str | None, format_: str, config: str | None, offline: bool
) -> None:
    """Say where rendered fields come from: the scalar that a person wrote, proven by changing it.

    Without a RESOURCE (Deployment/agents, globs allowed) all fields that hold an image, a digest or a git SHA; with a FIELD
    (spec.template.spec.containers[0].image, or containers[app] by name) that one.
    """
    from agentslint.inquiry import origins
    from agentslint.prepare import Settings, prepared

    with prepared(Settings(paths=(target,), config=config, offline=offline)) as (run, _):
        found, failures = origins(run, resource, field)
    if format_ == "json":
        _echo_json({"fields": [_row(item) for item in found], "failures": [_failure(failure) for failure in failures]})
    else:
        click.echo("\n".join(_tree(found)))
        _tell(failures)
    ctx.exit(2 if failures else 0)


@click.command()
@click.argument("file")
@click.argument("key_path", required=False)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", metavar="FILE", help="Configuration.")
@click.option("--offline", is_flag=True, help="Use no network.")
@click.pass_context
def impact(ctx: click.Context, file: str, key_path: str | None, format_: str, config: str | None, offline: bool) -> None:
    """Say which rendered fields a scalar decides: FILE:LINE, or FILE and a KEY_PATH (controllers.image.digest).

    None is an answer, too: then it says what decides instead.
    """
    from agentslint.inquiry import impact as inquire
    from agentslint.prepare import Settings, prepared, relative_to_root

    path, _, line = file.rpartition(":")
    if key_path is None and not (path and line.isdigit()):
        raise UsageError("say which scalar: FILE:LINE, or FILE KEY_PATH")
    path, where = (file, key_path) if key_path is not None else (path, line)
    with prepared(Settings(paths=(path,), config=config, offline=offline)) as (run, _):
        found, failures = inquire(run, relative_to_root(run.root, path), where)
    if format_ == "json":
        _echo_json({"scalars": [_impact_row(item) for item in found], "failures": [_failure(failure) for failure in failures]})
    else:
        click.echo("\n".join(line for item in found for line in _impact_lines(item)))
        _tell(failures)
    ctx.exit(2 if failures or any(item.failures for item in found) else 0)


def _tree(found: Iterable[TracedField]) -> Iterable[str]:
    owner = ("", "")
    for item in found:
        if owner != (item.target, item.field.manifest.resource):
            owner = (item.target, item.field.manifest.resource)
            yield f"{owner[1]}  ({owner[0]})"
        yield f"  {item.field.path}"
        for origin in item.origins:
            yield f"    {origin.text}"
            yield f"      {_place(origin.location)}  {origin.certainty.value}"


def _impact_lines(item: Impact) -> Iterable[str]:
    yield f"{_place(item.scalar.location())} = {item.scalar.text}"
    yield from (f"  {message}" for message in item.failures)
    yield from (f"  decides {words}  ({target})" for target, words in item.changed)
    if not item.changed and not item.failures:
        yield "  decides nothing"
        for other in item.instead:
            for origin in other.origins:
                if item.scalar.text in origin.text or origin.text in item.scalar.text:
                    yield f"  {other.field.manifest.resource} {other.field.path} is decided by {_place(origin.location)}"


def _place(location: Location) -> str:
    from agentslint.model import dotted

    words = dotted(location.key_path).replace(".[", "[")
    return f"{location.path}:{location.region.start_line}:{location.region.start_column} {words}".rstrip()


def _tell(failures: Iterable[Failure]) -> None:
    for failure in failures:
        click.echo(f"not traced: {failure.target}: {failure.message}", err=True)


def _echo_json(value: Any) -> None:
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _row(item: TracedField) -> dict[str, Any]:
    from agentslint.trace.taint import text_of

    return {
        "target": item.target,
        "resource": item.field.manifest.resource,
        "field": item.field.path,
        "value": text_of(item.field) if item.field.manifest.kind != "Secret" else None,
        "origins": [{"text": origin.text, **_location(origin.location), "certainty": origin.certainty.value} for origin in item.origins],
    }


def _impact_row(item: Impact) -> dict[str, Any]:
    return {
        **_location(item.scalar.location()),
        "decides": [{"target": target, "field": words} for target, words in item.changed],
        "failures": list(item.failures),
        "instead": [_row(other) for other in item.instead],
    }


def _location(location: Location) -> dict[str, Any]:
    region = location.region
    return {
        "path": location.path,
        "start_line": region.start_line,
        "start_column": region.start_column,
        "end_line": region.end_line,
        "end_column": region.end_column,
        "key_path": list(location.key_path),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {"target": failure.target, "message": failure.message}
