"""Git repositories that tests make."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def commit_all(folder: Path) -> str:
    """Commit all files of a folder, which becomes a repository where it is none; returns the commit."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message=All")
    return git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=folder, env=os.environ | nobody(), check=True, stdout=subprocess.PIPE, text=True).stdout


def nobody() -> dict[str, str]:
    """Return the variables that make git work for nobody in particular, whatever the developer's own settings are."""
    people = {f"GIT_{who}_{what}": "test@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return people | {"GIT_CONFIG_GLOBAL": os.devnull}
