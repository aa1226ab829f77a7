"""`agentslint targets` and `agentslint images`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from agentslint.cli import completion
from agentslint.cli.output import printed
from agentslint.cli.rendering_options import rendering_options, text_or_json
from agentslint.cli.streams import emit
from agentslint.credentials import dropped

if TYPE_CHECKING:
    from agentslint.engine.session import Session
    from agentslint.model import Failure

_EXCLUDE = click.option("--exclude", multiple=True, metavar="GLOB", help="Paths to skip (gitignore pattern).")


@click.command()
@click.argument("paths", nargs=-1, shell_complete=completion.paths)
@text_or_json
@_EXCLUDE
@rendering_options
@click.pass_context
def targets(ctx: click.Context, /, paths: tuple[str, ...], format_: str, **options: Any) -> None:
    """List the applications that deploy this repository, and the targets of a run.

    Each application is judged as it is deployed, or it says why not. PATHS choose those whose folder or object lies below, or name
    applications (argocd/web).

    Exit status: 0 listed, 2 something could not be read or rendered.
    """
    from agentslint.engine.open_session import open_session
    from agentslint.engine.run_options import RunOptions
    from agentslint.query.listed_targets import listed_targets
    from agentslint.report.target_list import as_text

    with open_session(_settings(RunOptions, paths, options, lists=True, nothing_passes=True)) as (session, _):
        found, failures = listed_targets(session)
        notes = session.deployments.notes
    _print(found, as_text(found, _width()), format_)
    _tell(notes, failures)
    ctx.exit(2 if failures else 0)


@click.command()
@click.argument("paths", nargs=-1, shell_complete=completion.paths)
@text_or_json
@_EXCLUDE
@rendering_options
@click.pass_context
def images(ctx: click.Context, /, paths: tuple[str, ...], format_: str, **options: Any) -> None:
    """List every image as it is deployed, with the line that decides it.

    Exit status: 0 listed, 2 something could not be read or rendered.
    """
    from agentslint.engine.open_session import open_session
    from agentslint.engine.run_options import RunOptions
    from agentslint.query.listed_images import listed_images
    from agentslint.report.image_list import as_text

    with open_session(_settings(RunOptions, paths, options)) as (session, _):
        found, failures = listed_images(session)
        left = _not_judged(session)
        required = session.loaded.config.deploy.require_judged
    _print(found, as_text(found, _width()), format_)
    _tell([left] if left else [], failures)
    ctx.exit(2 if failures or (left and required) else 0)


def _settings(kind: Callable[..., Any], paths: Sequence[str], options: dict[str, Any], **more: Any) -> Any:
    return kind(paths=tuple(paths) or (".",), **options, **more)


def _not_judged(session: Session) -> str:
    """Say how many applications may run images that are not listed."""
    left = sum(not row.is_judged for row in session.deployments.selected)
    if not left:
        return ""
    return f"{left} application{'' if left == 1 else 's'} not judged: images of theirs may be missing (agentslint targets says why)"


def _print(found: Any, text: str, format_: str) -> None:
    if format_ == "json":
        import msgspec

        printed(msgspec.to_builtins(found))
    else:
        emit(dropped(text))


def _width() -> int:
    return shutil.get_terminal_size().columns


def _tell(notes: Iterable[str], failures: Iterable[Failure]) -> None:
    from agentslint.report.escape import one_line

    for note in notes:
        click.echo(f"note: {one_line(dropped(note))}", err=True)
    for failure in failures:
        where = f"{failure.location.path}:{failure.location.region.start_line}: " if failure.location else ""
        click.echo(one_line(f"agentslint: {where}not read: {failure.target}: {dropped(failure.message)}"), err=True)
