"""A program in the cache whose content changed is told and mended, and no run uses it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from release_server import Mirror, Server, installed

from agentslint.tools import ToolError, locate
from agentslint.tools.install import install
from tests import warm

EVIL = "#!/bin/sh\necho v5.8.2\n# evil\n"


@pytest.fixture
def program(mirror: Mirror, server: Server, cache: Path) -> Path:
    """The pinned kustomize, installed."""
    server.serve(mirror.path, mirror.archive)
    install(["kustomize"], report=list[str]().append, releases=mirror.releases)
    return installed(cache)


def exchange(program: Path) -> None:
    before = program.stat()
    program.write_text(EVIL)
    os.utime(program, ns=(before.st_atime_ns, before.st_mtime_ns))


def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return warm.run_text(words, cwd)


def test_install_says_and_mends_it(program: Path, mirror: Mirror) -> None:
    exchange(program)
    lines: list[str] = []

    install(["kustomize"], report=lines.append, releases=mirror.releases)

    assert program.read_text() == mirror.content
    assert "has changed since it was installed" in lines[0]
    assert locate("kustomize", option=None, configured=None, environ={"PATH": ""}).usable


def test_install_offline_says_it(program: Path, mirror: Mirror) -> None:
    exchange(program)
    with pytest.raises(ToolError, match="has changed since it was installed, and --offline"):
        install(["kustomize"], offline=True, report=list[str]().append, releases=mirror.releases)


def test_a_run_does_not_use_it(program: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "kustomization.yaml").write_text("namePrefix: a\n")
    exchange(program)

    for words in (["lint", "app"], ["tools", "list"]):
        done = command(*words, cwd=tmp_path)
        assert done.returncode == 2, done
        assert f"{program} has changed since it was installed: run" in done.stdout + done.stderr


def test_a_file_that_is_only_newer_is_used(program: Path, cache: Path) -> None:
    os.utime(program)
    for _ in range(2):
        assert locate("kustomize", option=None, configured=None, environ={"PATH": ""}).usable
    assert hashlib.sha256(program.read_bytes()).hexdigest() in (cache / "programs.json").read_text()


@pytest.mark.parametrize("rubbish", [b"", b"[]", b"{", b'{"kustomize-5.8.2/kustomize": 1}'])
def test_a_record_that_is_none_costs_nothing(program: Path, cache: Path, rubbish: bytes) -> None:
    (cache / "programs.json").write_bytes(rubbish)
    assert locate("kustomize", option=None, configured=None, environ={"PATH": ""}).usable
