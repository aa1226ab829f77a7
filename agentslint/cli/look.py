"""How a report looks where it is read: colours, width, paths from there; and the bar while targets render."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentslint.engine.session import Progress
    from agentslint.report import ReportOptions


def report_options(options: Mapping[str, Any], path: str | None) -> ReportOptions:
    """Return the options of a report that is written to a file, or to standard output."""
    import shutil

    from agentslint.report import ReportOptions

    terminal = path is None and sys.stdout.isatty()
    return ReportOptions(
        color=_wants_color(options["color"], terminal, standard=path is None),
        verbose=options["verbose"],
        quiet=options["quiet"],
        statistics=options["statistics"],
        sarif_suppressed=options["sarif_suppressed"],
        width=shutil.get_terminal_size().columns if terminal else None,
        folder=here() if path is None else "",
        category=options["category"],
    )


def here() -> str:
    """The folder from which a report on standard output is read; the root where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _wants_color(choice: str, terminal: bool, standard: bool) -> bool:
    """NO_COLOR turns colours off, FORCE_COLOR on where there is no terminal (no-color.org, force-color.org); --color wins over both."""
    if choice != "auto" or os.environ.get("NO_COLOR"):
        return choice == "always"
    forced = os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false")
    return standard and (forced or (terminal and not _is_dumb()))


def _is_dumb() -> bool:
    return os.environ.get("TERM", "") in ("dumb", "unknown")


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """A bar on standard error while targets render, on a terminal only."""
    if quiet or not sys.stderr.isatty() or _is_dumb():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("rendering"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("rendering", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
