"""Whose repository it is. git checks that itself, but not if the folder is given."""

from __future__ import annotations

import os
from pathlib import Path

from agentslint.children import Profile, output
from agentslint.git.environment import environment


def is_trusted(folder: str) -> bool:
    """Tell whether a bare repository is the user's own or root's, or one that `safe.directory` names."""
    names = (folder, *(os.path.join(folder, name) for name in ("config", "HEAD") if os.path.lexists(os.path.join(folder, name))))
    return all(Path(name).lstat().st_uid in _own() for name in names) or any(_names(each, folder) for each in _safe(folder))


def remedy(folder: str) -> str:
    """Return the words that say how a repository of somebody else is allowed."""
    return f"it belongs to another user; allow it with: git config --global --add safe.directory {folder}"


def _safe(folder: str) -> list[str]:
    """The values of `safe.directory` that the user, the machine or the environment has; an empty one takes back those before it."""
    command = ["git", "-C", folder, f"--git-dir={os.devnull}", "config", "-z", "--get-all", "safe.directory"]
    values = os.fsdecode(output(command, profile=Profile.GIT, environ=environment(network=False)).stdout).split("\0")[:-1]
    return values[len(values) - values[::-1].index("") :] if "" in values else values


def _names(value: str, folder: str) -> bool:
    if value == "*":
        return True
    path = str(Path(value).expanduser()) if value.startswith("~/") else value
    return folder.startswith(path[:-1]) if path.endswith("/*") else os.path.realpath(path) == folder


def _own() -> tuple[int, int]:
    return os.geteuid(), 0
