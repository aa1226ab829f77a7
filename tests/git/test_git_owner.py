"""Whose a bare repository is, also where that cannot be found out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from agentslint.git.command import Git, GitError


def test_a_dangling_head_is_no_error_of_python(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "bare"], check=True)
    (tmp_path / "bare/HEAD").unlink()
    (tmp_path / "bare/HEAD").symlink_to("refs/heads/none")
    assert Git.of(str(tmp_path / "bare"), bare=True).commit("HEAD") is None


def test_without_git_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "bare"], check=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("agentslint.git.owner._own", lambda: (os.geteuid() + 1,))
    with pytest.raises(GitError, match="is not read: "):
        Git.of(str(tmp_path / "bare"), bare=True)
