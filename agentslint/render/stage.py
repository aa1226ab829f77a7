"""A staged copy of what a target reads, for renders that would write into the user's tree.

Always copies: kustomize refuses symlinks that leave its root, and a hard link would write through to the original.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from agentslint.model import Target


def needs_stage(target: Target) -> bool:
    """Tell whether kustomize would pull a chart into the tree beside a kustomization of this target."""
    return any(chart.repo and not chart.present for chart in target.closure.charts)


def stage(target: Target, into: Path) -> Path:
    """Copy the closure of `target` under `into`, at the same relative paths; returns the staged root."""
    for relative in sorted(_files(target)):
        source, copy = target.root / relative, into / relative
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    (into / target.file).parent.mkdir(parents=True, exist_ok=True)
    return into


def _files(target: Target) -> Iterator[str]:
    yield from target.closure.files
    for folder in target.closure.folders:
        for where, _, names in os.walk(target.root / folder):
            for name in names:
                yield os.path.relpath(os.path.join(where, name), target.root)
