"""Where a configuration is read from: the files on disk, or those of a commit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from agentslint import files


class Tree(Protocol):
    """Files that are asked for by their paths on disk, wherever their contents come from."""

    def named(self, path: str) -> Path:
        """Return the file that a user names."""

    def exists(self, path: Path) -> bool:
        """Tell whether something stands at a path, be it a link that leads nowhere."""

    def read(self, path: Path, limit: int = files.CONFIGURATION, *, named: bool = False) -> bytes:
        """Return what a file holds, which must not lead out of its repository unless the user `named` it; raises OSError."""

    def shown(self, path: Path) -> str:
        """Return what messages call a file."""


class WorkTree:
    """The files on disk."""

    def named(self, path: str) -> Path:
        """Return the file itself; its folder is asked for, too."""
        return Path(path).resolve()

    def exists(self, path: Path) -> bool:
        """Tell whether something stands there."""
        return os.path.lexists(path)

    def read(self, path: Path, limit: int = files.CONFIGURATION, *, named: bool = False) -> bytes:
        """Read a file; raises OSError."""
        return (files.read if named else files.read_found)(path, limit)

    def shown(self, path: Path) -> str:
        """Return the path from where people stand, if they stand in its folder, above or below it; else the whole path."""
        try:
            here = Path.cwd()
        except OSError:
            return str(path)
        near = path.is_relative_to(here) or here.is_relative_to(path.parent)
        return os.path.relpath(path, here) if near else str(path)


ON_DISK: Tree = WorkTree()
