"""Fixtures of the tools room: an own cache folder, stand-in programs, a release server."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from release_server import PLATFORM, Mirror, Server, packed, serving

from agentslint.tools import Tool, ToolName, locate
from agentslint.tools.folder import tools_folder
from agentslint.tools.releases import RELEASES


@pytest.fixture(scope="session")
def real_tools() -> dict[ToolName, Tool]:
    """The kustomize and helm of this machine, found before a test looks away from them."""
    return {name: locate(name, option=None, configured=None, environ=os.environ) for name in RELEASES}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of installed tools, away from the user's own; no variable of the user's has a say."""
    for variable in os.environ:
        if variable.startswith("AGENTSLINT_") or variable.lower().endswith(("_proxy", "_ca_bundle", "ssl_cert_file")):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    return tools_folder()


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Path]:
    """Makes a stand-in: a shell script under bin/, executable unless told otherwise."""

    def make(name: str, script: str, *, folder: str = "bin", mode: int = 0o755) -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(mode)
        return path

    return make


@pytest.fixture
def server() -> Iterator[Server]:
    """A release server without encryption."""
    yield from serving(lambda _: "http")


@pytest.fixture
def mirror(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mirror:
    """A mirror to be served by `server`; neither kustomize nor Go is on PATH."""
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", f"{server.url}/mirror/")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr("agentslint.tools.build.shutil.which", _only_in(tmp_path / "bin"))
    content = "#!/bin/sh\necho v5.8.2\n"
    archive = packed(("README.md", "not this"), ("kustomize", content))
    release = replace(RELEASES["kustomize"], checksums={PLATFORM.key: hashlib.sha256(archive).hexdigest()})
    return Mirror(content, archive, f"/mirror/{release.archive_name(PLATFORM)}", release)


def _only_in(folder: Path) -> Callable[..., str | None]:
    """A distribution's Go may lie in /usr/bin, beside the programs that the stand-ins need."""

    def which(name: str, path: str | None = None) -> str | None:
        found = folder / name
        return str(found) if found.exists() else None

    return which
