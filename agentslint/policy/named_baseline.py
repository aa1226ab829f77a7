"""The baseline that a configuration names: a file of the repository, since whoever wrote the tree wrote the configuration, too."""

from __future__ import annotations

import os
from pathlib import Path

from agentslint import files
from agentslint.config import Loaded
from agentslint.errors import UsageError


def named_baseline(loaded: Loaded, root: Path, *, at_commit: bool) -> Path | None:
    """Return the path of the configured baseline, None where there is none; raises UsageError for one outside of the repository.

    A configuration outside of it is the user's own. One that was read at a commit is not led elsewhere by links of the work tree.
    """
    named = loaded.config.baseline
    if not named:
        return None
    path = (loaded.folder or root) / named
    top = _repository(loaded, root)
    if top is not None and "\0" not in named:
        real = os.path.abspath(path) if at_commit else os.path.realpath(path)
        if not real.startswith(f"{top.rstrip('/')}/") or files.is_of_git(real[len(top) :]):
            raise UsageError(
                f"{loaded.where('baseline')}: the baseline {named} is not in the repository (it would be {real}); name a file in it, "
                "or pass your own with --baseline or --output"
            )
    return path


def _repository(loaded: Loaded, root: Path) -> str | None:
    """The repository whose file the configuration is: the judged one, or the one around it."""
    top = os.path.realpath(root)
    if loaded.path is None:
        return top
    folders = {os.path.dirname(os.path.abspath(loaded.path)), os.path.dirname(os.path.realpath(loaded.path))}
    if any(f"{folder}/".startswith(f"{top.rstrip('/')}/") for folder in folders):
        return top
    around = os.path.dirname(os.path.realpath(loaded.path))
    return files.repository_of(around) if f"{top}/".startswith(f"{around.rstrip('/')}/") else None
