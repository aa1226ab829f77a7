"""Fixtures of the command line's tests: the command, a repository, renderers that misbehave."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_command import Command, Done, Repo, make_repository

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def command(kustomize: Path, helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command with the real renderers and an empty home."""
    home = tmp_path_factory.mktemp("home")
    return Command(
        {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AGENTSLINT_KUSTOMIZE": str(kustomize),
            "AGENTSLINT_HELM": str(helm),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
    )


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty git repository."""
    return make_repository(tmp_path / "repo")


@pytest.fixture
def renderer(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make a kustomize that answers `version` and else runs a line of shell, which may do more than a renderer may."""
    monkeypatch.setitem(command.environ, "AGENTSLINT_CONFINEMENT", "off")  # type: ignore[arg-type]

    def made(script: str) -> Path:
        path = tmp_path / "kustomize"
        path.write_text(f'#!/bin/sh\ncase "$1" in version) echo v5.8.2; exit 0;; esac\n{script}\n')
        path.chmod(0o755)
        return path

    return made


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own examples, in a git repository of their own: a folder `examples` below its root."""
    repo = make_repository(tmp_path_factory.mktemp("examples") / "repo")
    shutil.copytree(EXAMPLES, repo.root / "examples")
    return repo.root / "examples"


@pytest.fixture(scope="session")
def whole_examples(command: Command, examples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """One run over all examples with every format: how it ended, and the folder of `report.<format>`."""
    folder = tmp_path_factory.mktemp("reports")
    formats = ("text", "sarif", "json", "github")
    pairs = [word for name in formats for word in ("--format", name, "--output", str(folder / f"report.{name}"))]
    return command(".", *pairs, cwd=examples), folder
