"""What the command says of confinement, and what it asks for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from agentslint.children import hindrance
from agentslint.confine import SWITCH
from tests import warm

needs_kernel = pytest.mark.skipif(bool(hindrance()), reason=f"not here: {hindrance()}")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with one target."""
    repo = tmp_path / "repo"
    (repo / "app").mkdir(parents=True)
    (repo / "app" / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    (repo / "app" / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    return repo


def agentslint(repo: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    done = warm.run_text(words, repo, {**os.environ, **environ})
    assert "Traceback" not in done.stderr, done.stderr
    return done


@needs_kernel
def test_what_is_required_is_given(repo: Path) -> None:
    assert agentslint(repo, "--require-confinement", "app").returncode == 0


@pytest.mark.parametrize("command", [("lint", "app"), ("diff", "app"), ("trace", "app"), ("impact", "app/a.yaml:1"), ("contract", "app")])
def test_what_is_required_and_not_there_is_an_error(repo: Path, command: tuple[str, ...]) -> None:
    done = agentslint(repo, *command, "--require-confinement", **{SWITCH: "off"})

    assert done.returncode == 2
    assert f"programs cannot be confined: {SWITCH} is off" in done.stderr


def test_it_is_told_once(repo: Path) -> None:
    said = f"renderers are not confined: {SWITCH} is off"
    assert agentslint(repo, "-v", "app", **{SWITCH: "off"}).stderr.count(said) == 1
    assert said not in agentslint(repo, "app", **{SWITCH: "off"}).stderr
    assert agentslint(repo, "tools", "list", **{SWITCH: "off"}).stdout.count(f"R{said[1:]}.") == 1


@needs_kernel
def test_it_says_that_renderers_are_confined(repo: Path) -> None:
    assert "Renderers are confined by the kernel.\n" in agentslint(repo, "tools", "list").stdout
    assert "not confined" not in agentslint(repo, "-v", "app").stderr


@needs_kernel
@pytest.mark.parametrize("kind", ["asdf", "plain", "mise"])
def test_a_version_managers_stand_in_is_named(repo: Path, kustomize: Path, tmp_path: Path, kind: str) -> None:
    shim = tmp_path / "shims" / "kustomize"
    shim.parent.mkdir()
    if kind == "mise":
        (tmp_path / "mise").write_text(f'#!/bin/sh\nexec {kustomize} "$@"\n')
        (tmp_path / "mise").chmod(0o755)
        shim.symlink_to(tmp_path / "mise")
    else:
        shim.write_text(f'#!/{"usr/bin/env ba" if kind == "asdf" else "bin/"}sh\nexec {kustomize} "$@"\n')
        shim.chmod(0o755)

    done = agentslint(repo, "--kustomize", str(shim), "app")

    assert done.returncode == 2
    assert f"{shim} starts kustomize from another place" in done.stderr
    assert "asdf which kustomize" in done.stderr
    assert agentslint(repo, "--kustomize", str(shim), "app", **{SWITCH: "off"}).returncode == 0
