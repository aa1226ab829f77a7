"""Cases of rules about a change: small git histories, written as a folder for each commit.

    1-all-at-the-first-commit/      the first commit
    2-the-control-plane-first/      the work tree of today, marked as every case is
    source/1-one/ 2-two/            the code that the images are built from; `source = "../source"` in the case's configuration

Identities and dates are fixed, so that the commits of `source` have the same ids wherever the case runs: tags can carry them.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from agentslint.children import Profile, output

_COMMIT = re.compile(r"[0-9]+-.+")
_SOURCE = "source"
_FIXED = {f"GIT_{who}_{what}": "case@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_FIXED |= {f"GIT_{who}_DATE": "2026-01-05T09:00:00Z" for who in ("AUTHOR", "COMMITTER")}
_FIXED |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def commits(case: Path) -> list[Path]:
    """Return the folders of a case's commits in their order; none for a case that is no history."""
    folders = [path for path in case.iterdir() if path.is_dir() and _COMMIT.fullmatch(path.name)] if case.is_dir() else []
    return sorted(folders, key=lambda path: int(path.name.partition("-")[0]))


def today(case: Path) -> Path:
    """Return the folder that is linted: the last commit's, or the case itself."""
    return (commits(case) or [case])[-1]


def lay_out(case: Path, into: Path) -> str | None:
    """Write a case to `into`, its `source` beside it; returns the base revision, None for a case that is no history."""
    history = commits(case)
    if not history:
        shutil.copytree(case, into)
        return None
    if commits(case / _SOURCE):
        commit_all(case / _SOURCE, into.parent / _SOURCE)
    _begin(into)
    for folder in history[:-1]:
        _replace(into, folder)
        _commit(into, folder.name)
    _replace(into, history[-1])
    return "HEAD"


def commit_all(history: Path, into: Path) -> list[str]:
    """Make a repository of folders of commits; returns the ids of the commits."""
    _begin(into)
    ids = []
    for folder in commits(history):
        _replace(into, folder)
        ids.append(_commit(into, folder.name))
    return ids


def _begin(into: Path) -> None:
    into.mkdir(parents=True)
    _git(into, "init", "--quiet", "--initial-branch=main")


def _replace(into: Path, folder: Path) -> None:
    for path in into.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    # Files of a checkout may all be of one second; git takes two of one size and time for the same.
    shutil.copytree(folder, into, dirs_exist_ok=True, copy_function=shutil.copy)


def _commit(into: Path, message: str) -> str:
    _git(into, "add", "--all", "--force")
    _git(into, "commit", "--quiet", "--no-verify", "--allow-empty", f"--message={message}")
    return _git(into, "rev-parse", "HEAD")


def _git(folder: Path, *words: str) -> str:
    environ = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")} | _FIXED
    done = output(["git", "-c", "core.autocrlf=false", *words], profile=Profile.FREE, environ=environ, cwd=folder)
    if done.returncode != 0:
        raise OSError(f"git {words[0]}: {os.fsdecode(done.stderr).strip()}")
    return os.fsdecode(done.stdout).strip()
