"""Renderers of the real kustomize and helm, and of small programs that stand in for those that misbehave."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from render_tree import MakeRenderer, Program

from agentslint.confine import SWITCH
from agentslint.render import KustomizeRenderer, Programs


@pytest.fixture
def make_renderer(kustomize: Path, helm: Path, tmp_path: Path) -> Iterator[MakeRenderer]:
    """Make renderers that are closed at the end of the test; programs, cache and environment can be replaced."""
    made: list[KustomizeRenderer] = []

    def make(
        *,
        kustomize: Path | None = kustomize,
        helm: Path | None = helm,
        version: str = "v4.2.4",
        cache: Path = tmp_path / "cache",
        offline: bool = False,
        environment: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
    ) -> KustomizeRenderer:
        programs = Programs(kustomize, helm, version)
        made.append(
            KustomizeRenderer(
                programs,
                cache=cache,
                parallel=True,
                offline=offline,
                environment=environment,
                environ=environ or {**os.environ, "LC_ALL": "C"},
            )
        )
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.fixture
def renderer(make_renderer: MakeRenderer) -> KustomizeRenderer:
    """A renderer as a run has it."""
    return make_renderer()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Write a shell script that stands for a renderer; it may do more than a renderer may."""
    monkeypatch.setenv(SWITCH, "off")

    def write(name: str, script: str) -> Path:
        path = tmp_path / "programs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return write
