"""How one pinned release comes into the cache folder: downloaded and verified, or else built with Go."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from agentslint.tools import sums
from agentslint.tools.archive import fetch_program
from agentslint.tools.build import build_program, go_command
from agentslint.tools.download import DownloadLimits, UnreachableError
from agentslint.tools.folder import PARTIAL, program_of, tools_folder
from agentslint.tools.inspection import inspect
from agentslint.tools.platforms import Platform
from agentslint.tools.releases import Release
from agentslint.tools.tool import VARIABLES, Tool, ToolError


class Provider(Struct, frozen=True):
    """The settings of one installation: its platform, its limits, its output."""

    platform: Platform
    offline: bool
    report: Callable[[str], object]
    limits: DownloadLimits

    def provide(self, release: Release) -> Tool:
        """Put a release in place, unless a working one is there; raises ToolError where that cannot be done."""
        path = program_of(release)
        place = Tool(release.name, path, "cache")
        intact = not path.exists() or sums.is_intact(path, thorough=True)
        if not intact:
            self._say(release, f"{path} has changed since it was installed (its sha256 is another one): it is replaced")
        present = inspect(place) if intact and path.exists() else None
        if present is not None and present.usable:
            if not sums.is_recorded(path):
                sums.record(path)
            self._say(release, f"already in {present.path}")
            return present
        if self.offline:
            raise ToolError(_offline(release, "is not installed" if intact else "has changed since it was installed"))
        self._put_in_place(release, path)
        return inspect(place)

    def _put_in_place(self, release: Release, destination: Path) -> None:
        # On the file system of the destination, so that the program gets there in one step or not at all.
        with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=tools_folder()) as work:
            program = self._obtain(release, Path(work))
            program.chmod(0o755)
            _try_out(release, program)
            destination.parent.mkdir(parents=True, exist_ok=True)
            os.replace(program, destination)
            sums.record(destination)
        self._say(release, f"installed as {destination}")

    def _obtain(self, release: Release, work: Path) -> Path:
        try:
            return fetch_program(release, self.platform, work, self.limits, lambda line: self._say(release, line))
        except UnreachableError as error:
            return self._build(release, work, str(error))

    def _build(self, release: Release, work: Path, reason: str) -> Path:
        go = go_command()
        if go is None:
            raise ToolError(_stuck(release, f"{reason}, and Go, with which it could be built, is not installed"))
        self._say(release, reason)
        self._say(release, f"building {release.module} with {go} instead (this can take some minutes)")
        start = time.monotonic()
        try:
            program = build_program(go, release, work)
        except ToolError as error:
            raise ToolError(_stuck(release, f"{reason}, and it cannot be built: {error}")) from None
        self._say(release, f"built in {time.monotonic() - start:.0f} s")
        return program

    def _say(self, release: Release, line: str) -> None:
        self.report(f"{release.name} {release.version}: {line}")


def _try_out(release: Release, program: Path) -> None:
    """A program that does not run here, or is another version, is not installed."""
    tool = inspect(Tool(release.name, program, "cache"))
    if tool.usable and tool.version == release.version:
        return
    why = "; ".join(tool.problems) or f"it says that it is version {tool.version}"
    raise ToolError(f"{release.name} {release.version} was not installed, because the downloaded program does not work: {why}")


def _offline(release: Release, state: str) -> str:
    return (
        f"{release.name} {release.version} {state}, and --offline forbids the download: install it without "
        f"--offline, or name a program with --{release.name} or {VARIABLES[release.name]}"
    )


def _stuck(release: Release, reason: str) -> str:
    return (
        f"{release.name} {release.version} was not installed: {reason}\n"
        f"Set {release.mirror_variable} to a mirror of the release, or name a program with --{release.name} or "
        f"{VARIABLES[release.name]}."
    )
