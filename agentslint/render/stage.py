"""A staged copy of what a target reads, for renders that would write into the user's tree.

Always copies: kustomize refuses symbolic links that leave its root, and a hard link would write through to the original.
Links within the repository stay links, so that kustomize judges them as it does in place.
"""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from agentslint.model import Target


def needs_stage(target: Target) -> bool:
    """Tell whether kustomize would pull a chart into the tree beside a kustomization of this target."""
    return any(chart.repo and not chart.present for chart in target.closure.charts)


def stage(target: Target, into: Path, changes: Mapping[str, bytes] = MappingProxyType({})) -> Path:
    """Copy the closure of `target` under `into`, at the same relative paths; returns the staged root. Raises OSError.

    The files of `changes` (by path) hold other bytes in the copy.
    """
    copy = _Copy(target.root, into)
    for relative in sorted(target.closure.files | target.closure.folders):
        copy.place(relative)
    (into / target.file).parent.mkdir(parents=True, exist_ok=True)
    for path, data in changes.items():
        (into / path).write_bytes(data)
    return into


class _Copy:
    """Copies files, folders and links of one tree to another, each once."""

    def __init__(self, root: Path, into: Path) -> None:
        self.root = root
        self.into = into
        self._done: set[str] = set()

    def place(self, relative: str) -> None:
        """Copy what stands at a path, and every link on the way to it."""
        if relative in self._done:
            return
        self._done.add(relative)
        source = self.root / relative
        if link := self._link_in(relative):
            target = self._link(link)
            if target is not None:
                self.place(posixpath.normpath(target + relative[len(link) :]))
        elif source.is_dir():
            for name in sorted(os.listdir(source)):
                self.place(f"{relative}/{name}")
        elif source.is_file():
            copy = self.into / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)

    def _link_in(self, relative: str) -> str:
        """The first part of a path that is a link."""
        parts = relative.split("/")
        heads = ("/".join(parts[: length + 1]) for length in range(len(parts)))
        return next((head for head in heads if (self.root / head).is_symlink()), "")

    def _link(self, link: str) -> str | None:
        """Make the same link; returns where it leads, relative to the root, None where that lies outside."""
        said = str((self.root / link).readlink())
        full = os.path.normpath(self.root / posixpath.dirname(link) / said)
        inside = full.startswith(f"{self.root}/")
        copy = self.into / link
        if not copy.is_symlink():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(full if not inside else self.into / os.path.relpath(full, self.root) if said.startswith("/") else said)
        return os.path.relpath(full, self.root) if inside else None
