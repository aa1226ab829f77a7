"""The user's repository is the same after every run: work tree, index, HEAD, branches, stash; nothing lies about elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from change_run import compared
from story import QUIET, Story, agents, plain, web

A, B = "a1b2c3d4e5f6071829304152637485960718293a", "b2c3d4e5f60718293041526374859607182930ab"


@pytest.fixture
def busy(story: Story) -> Story:
    """A repository in the middle of work: something stashed, something staged, something not, hooks that would leave a trace."""
    story.commit("all at A", {**agents(controllers=A, control_plane=A), **plain("apps/web", "ghcr.io/acme/web:one")})
    story.write({"apps/web/web.yaml": web("ghcr.io/acme/web:stashed")}).git("stash")
    story.write(agents(controllers=B, control_plane=A)).git("add", "--all")
    story.write({"apps/web/web.yaml": web("ghcr.io/acme/web:two"), "apps/web/untracked.yaml": "x: 1\n"})
    for name in ("post-index-change", "post-checkout", "reference-transaction"):
        hook = story.root / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {story.root}/{name}-ran\n")
        hook.chmod(0o755)
    story.git("config", "core.splitIndex", "true")
    for path in story.root.rglob("*-ran"):
        path.unlink()
    for path in (story.root / "charts").rglob("*.yaml"):
        path.touch()
    return story


def test_a_comparison_changes_nothing(busy: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr("agentslint.children._starters", {})  # their profiles know the temporary folder
    before = busy.state()
    with compared(busy, "HEAD") as (_, change):
        assert [target.name for target in change.targets] == ["apps/agents", "apps/web"]
    assert busy.state() == before
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(("command", "number"), [("diff", signal.SIGINT), ("diff", signal.SIGTERM), ("lint", signal.SIGINT)])
def test_an_interrupted_comparison_changes_nothing(
    busy: Story, kustomize: Path, tmp_path: Path, command: str, number: signal.Signals
) -> None:
    slow = tmp_path / "kustomize"
    slow.write_text(f'#!/bin/sh\n[ "$1" = build ] || exec {kustomize} "$@"\ntouch {tmp_path}/started\nexec sleep 600\n')
    slow.chmod(0o755)
    (tmp_path / "tmp").mkdir()
    before = busy.state()
    words = [sys.executable, "-m", "agentslint", command, "--base", "HEAD", "--kustomize", str(slow)]
    environ = {**os.environ, **QUIET, "TMPDIR": str(tmp_path / "tmp"), "AGENTSLINT_CONFINEMENT": "off"}
    run = subprocess.Popen(words, cwd=busy.root, env=environ, stderr=subprocess.PIPE, start_new_session=True)
    while not (tmp_path / "started").exists():
        assert run.poll() is None, run.communicate()
        time.sleep(0.02)
    os.killpg(run.pid, number)
    _, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (128 + number, b"agentslint: interrupted\n")
    assert busy.state() == before
    assert list((tmp_path / "tmp").iterdir()) == []
