"""Paths as they are written here (POSIX, relative, "" is the root), and careful looks at what they name."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator


def is_link(full: str) -> bool:
    """Tell whether there is a symbolic link, dangling or not."""
    try:
        return stat.S_ISLNK(os.lstat(full).st_mode)
    except (OSError, ValueError):
        return False


def join(folder: str, name: str) -> str:
    """Join two POSIX paths of which the first may be empty."""
    return f"{folder}/{name}" if folder else name


def parent(path: str) -> str:
    """Return the folder of a path, "" for the root's own files."""
    return path.rpartition("/")[0]


def ancestors(folder: str) -> Iterator[str]:
    """Yield the folder, its parent, and so on up to the root ("")."""
    while folder:
        yield folder
        folder = parent(folder)
    yield ""
