"""The renderers built with Go at the pinned version; Go verifies their source by its checksum database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from agentslint import children
from agentslint.tools.releases import Release
from agentslint.tools.tool import ToolError

PATIENCE = 3600.0
"""Seconds after which a build is given up; helm takes about three minutes on two cores."""


def go_command() -> str | None:
    """Tell where Go is, or None."""
    return shutil.which("go")


def build_program(go: str, release: Release, work: Path) -> Path:
    """Build the release in the folder `work` and return the program; raises ToolError with Go's own words."""
    command = [go, "install", "-trimpath", "-ldflags", " ".join(release.linker_flags), release.module]
    try:
        environ = _environment(os.environ, work)
        done = children.output(command, profile=children.Profile.FREE, environ=environ, cwd=work, timeout=PATIENCE)
    except TimeoutError:
        raise ToolError(f"building {release.module} with {go} did not finish within {PATIENCE:g} seconds") from None
    except OSError as error:
        raise ToolError(f"{go} cannot be run: {error.strerror or error}") from None
    program = work / release.name
    if done.returncode != 0 or not program.is_file():
        raise ToolError(f"building {release.module} with {go} failed:\n{_tail((done.stdout + done.stderr).decode(errors='replace'))}")
    return program


def _environment(environ: Mapping[str, str], work: Path) -> dict[str, str]:
    """The user's environment (GOPROXY, GOFLAGS, proxies), but for this machine, and as static as the releases."""
    kept = {name: value for name, value in environ.items() if name not in ("GOOS", "GOARCH")}
    return {**kept, "GOBIN": str(work), "GOWORK": "off", "CGO_ENABLED": "0"}


def _tail(text: str, lines: int = 15) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-lines:]) or "  (no output)"
