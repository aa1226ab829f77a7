"""The verb: the pinned kustomize and helm in the user's cache folder, one installation at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from agentslint.tools.folder import PARTIAL, tools_folder
from agentslint.tools.platforms import current_platform
from agentslint.tools.releases import RELEASES, Release
from agentslint.tools.tool import NAMES, Tool, ToolError, ToolName

if TYPE_CHECKING:
    from agentslint.tools.download import DownloadLimits


def install(
    names: Iterable[ToolName] = NAMES,
    *,
    offline: bool = False,
    report: Callable[[str], object] = print,
    limits: DownloadLimits | None = None,
    releases: Mapping[ToolName, Release] = RELEASES,
) -> list[Tool]:
    """Provide the pinned tools and return them, inspected; one that is there already is left alone.

    `report` gets one line a step. `offline` never uses the network. Raises ToolError where a tool cannot be provided;
    nothing half-installed is left then, and what was there before still is.
    """
    from agentslint.tools.download import DownloadLimits
    from agentslint.tools.provide import Provider

    provider = Provider(current_platform(), offline, report, limits or DownloadLimits())
    try:
        with _alone(tools_folder(), report):
            return [provider.provide(releases[name]) for name in names]
    except OSError as error:
        raise ToolError(f"the tools cannot be installed in {tools_folder()}: {error}") from None


@contextmanager
def _alone(folder: Path, report: Callable[[str], object]) -> Iterator[None]:
    """Let one installation run at a time, and remove first what an interrupted one left behind."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".install.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report("another installation is running: waiting for it")
        lock.acquire()
    try:
        for leftover in folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()
