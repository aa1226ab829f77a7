"""Where reports go: each `--output` belongs to the `--format` before it, and is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agentslint import files
from agentslint.cli.help import Sectioned
from agentslint.cli.streams import emit
from agentslint.credentials import cleaned
from agentslint.errors import AgentslintError, UsageError

if TYPE_CHECKING:
    import click

Outputs = list[tuple[str, str | None]]
"""Format and file; None is standard output."""


class PairedOutputs(Sectioned):
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
        ctx.meta["outputs"] = [(name, None if path == "-" else path) for name, path in pairs] or [("text", None)]
        return super().parse_args(ctx, args)


def check_formats(outputs: Outputs, known: Iterable[str]) -> None:
    """Refuse unknown formats; raises UsageError that names the nearest one."""
    names = list(known)
    for name, _ in outputs:
        if name not in names:
            from agentslint.config.complaint import nearest

            raise UsageError(f"--format: there is no format {name!r}{nearest(name, names)}")


def check_places(outputs: Outputs) -> None:
    """Refuse outputs that could not be written, before anything is rendered; raises UsageError."""
    for _, path in outputs:
        if path is not None:
            _check_place(path)
    places = [os.path.realpath(path) if path else None for _, path in outputs if path is None or not _is_special(path)]
    if len(places) != len(set(places)):
        raise UsageError("two formats would be written to one place; give each --format its own --output")


def _check_place(path: str) -> None:
    folder = os.path.dirname(os.path.realpath(path))
    if not path or os.path.isdir(path) or path.endswith("/"):
        raise UsageError(f"--output: {path or 'an empty name'} is not a file to write to; name a file")
    if stray := files.stray_link(path):
        raise UsageError(f"--output {path}: {stray[0]} is a link out of the repository, to {stray[1]}; remove it, or name that file")
    if not os.path.isdir(folder):
        raise UsageError(f"--output {path}: there is no folder {folder}; make it first")
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise UsageError(f"--output {path}: permission denied")


def write_all(outputs: Outputs, texts: Iterable[str]) -> None:
    """Write every report; one that cannot be written keeps none of the others back. Raises AgentslintError that names all of those."""
    reports = list(zip(outputs, texts, strict=True))
    complaints = []
    for (_, path), text in reports:
        try:
            if path is not None:
                write(path, text)
        except OSError as error:
            complaints.append(f"the report could not be written to {path}: {error.strerror or error}")
    for (name, path), text in reports:
        try:
            if path is None:
                emit(text, utf8=name != "text")
        except AgentslintError as error:
            complaints.append(str(error))
    if complaints:
        raise AgentslintError("\n".join(complaints))


def write(path: str, text: str) -> None:
    """Replace a file by `text` atomically; a device or pipe (`/dev/stderr`) is written to. Raises OSError."""
    data = text.encode("utf-8", "backslashreplace")
    if _is_special(path):
        files.append(path, data)
    else:
        files.save(path, data)


def _is_special(path: str) -> bool:
    """Tell whether a path is no file of its own; behind `/dev/stdout` may be one, which is not to be replaced either."""
    full = os.path.abspath(path)
    in_devices = full.startswith(("/dev/", "/proc/")) and not full.startswith("/dev/shm/")
    return in_devices or (os.path.exists(path) and not os.path.isfile(path))


def printed(rows: Mapping[str, Any] | list[Any]) -> None:
    """Print plain objects as JSON, for programs, without credentials of URLs."""
    import json

    emit(json.dumps(cleaned(rows), indent=2, ensure_ascii=False) + "\n", utf8=True)
