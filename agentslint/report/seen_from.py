"""Paths as people can open them: from the folder in which they stand."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path


class SeenFrom:
    """Turns paths of the repository into paths from a folder; "" leaves them as they are, and so those that are `kept`."""

    def __init__(self, top: Path, folder: str, kept: Collection[str] = ()) -> None:
        root, here = os.path.realpath(top), os.path.realpath(folder) if folder else ""
        self._kept = kept
        self._root = root if here and here != root else ""
        self._folder = here
        self._near = here.startswith(f"{root}/") or root.startswith(f"{here}/")

    def __call__(self, path: str) -> str:
        """Return the path from the folder; an absolute one, if the folder has nothing to do with the repository."""
        if not self._root or path in self._kept:
            return path
        full = os.path.join(self._root, path)
        return os.path.relpath(full, self._folder) if self._near else full
