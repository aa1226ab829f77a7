"""The repository on disk: its root, the files that count, and how paths in it are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.discover.chart_file import CHART_FILE
from agentslint.errors import UsageError
from agentslint.git import worktree
from agentslint.model import Failure
from agentslint.paths import is_link, join


def find_root(path: Path, config_folder: Path | None = None) -> Path:
    """Return the folder to which all paths are relative: that of the repository of `path`, else the configuration's, else the current one.

    Of the last two, the first that holds `path` counts, and where neither does, it is the folder of `path` itself. Raises
    UsageError where git refuses to look.
    """
    folder = (path if path.is_dir() else path.parent).resolve()
    root = worktree.toplevel(str(folder))
    if root is not None:
        return Path(root)
    candidates = [each.resolve() for each in (config_folder, Path.cwd()) if each is not None]
    return next((each for each in candidates if folder.is_relative_to(each)), folder)


class Repository:
    """The files under a root. Paths are POSIX, relative to the root; "" is the root itself."""

    def __init__(self, root: Path) -> None:
        self.root = os.path.realpath(root)
        self.failures: list[Failure] = []
        self._prefix = self.root.rstrip("/") + "/"
        self.looked_through: dict[str, Any] = {}
        """The contents of chart folders (`discover.charts`), each read once."""
        self._real: dict[str, str] = {}

    def full(self, path: str) -> str:
        """Return the absolute path."""
        return self._prefix + path if path else self.root

    def relative(self, full: str) -> str | None:
        """Return an absolute path relative to the root, None where it lies outside."""
        if full.startswith(self._prefix):
            return full[len(self._prefix) :]
        return "" if full == self.root else None

    def real_folder(self, full: str) -> str:
        """Return an absolute path without symbolic links; remembered, since folders are asked for again and again."""
        real = self._real.get(full)
        if real is None:
            real = self._real[full] = os.path.realpath(full)
        return real

    def unread(self, full: str) -> str:
        """Say why an absolute path is not read: it leads out of the repository, or is no regular file; "" where it may be."""
        if "\0" in full:
            return "names a path with a NUL character"
        folder, _, name = full.rpartition("/")
        real = f"{self.real_folder(folder or '/').rstrip('/')}/{name}"
        real = os.path.realpath(real) if is_link(real) else real
        leads = files.leads_out(self.root, full, real)
        if leads is not None:
            inside = self.relative(leads)
            return f"leads into git's own files, to {inside}" if inside else f"leads out of the repository, to {leads}"
        kind = files.kind_of(real)
        return f"is {kind}, not a file" if kind not in ("", "a folder") else ""

    def holds_chart(self, folder: str) -> bool:
        """Tell whether a folder is that of a Helm chart; a link to nowhere, or a folder called Chart.yaml, makes none."""
        return os.path.isfile(self.full(join(folder, CHART_FILE)))

    def locate(self, given: str) -> str:
        """Return the path that a user gave; links to folders are followed, a link to a file stays itself.

        Raises UsageError for what does not exist or lies outside of the root.
        """
        full = os.path.abspath(given)
        if not os.path.exists(full):
            raise UsageError(_absent(given, full))
        if os.path.isdir(full):
            full = os.path.realpath(full)
        else:
            folder, _, name = full.rpartition("/")
            full = os.path.join(os.path.realpath(folder or "/"), name)
        path = self.relative(full)
        if path is None:
            raise UsageError(f"{given} lies outside of the repository {self.root}; run agentslint inside of that repository, on its own")
        return path

    def files(self, folder: str) -> Iterator[str]:
        """Yield the files and links under `folder` that git does not ignore; all, outside of git or where it ignores the folder itself.

        What cannot be listed becomes a failure.
        """
        base = self.full(folder)
        listed = worktree.listed(base, self.root)
        if listed is None or (not listed[0] and worktree.ignores(base)):
            yield from self._walked(base)
            return
        paths, complaints = listed
        self.failures += [Failure(f"{join(folder, path)} cannot be read: {reason}") for path, reason in complaints]
        yield from (join(folder, path) for path in paths)

    def fail(self, path: str, error: OSError) -> None:
        """Record that something could not be read."""
        self.failures.append(Failure(f"{path or '.'} cannot be read: {error.strerror or error}"))

    def _walked(self, base: str) -> Iterator[str]:
        def refused(error: OSError) -> None:
            self.fail(self.relative(str(error.filename)) or str(error.filename), error)

        for where, folders, names in os.walk(base, onerror=refused):
            folders[:] = sorted(name for name in folders if name != ".git")
            here = self.relative(where) or ""
            yield from (join(here, name) for name in (*names, *(each for each in folders if is_link(os.path.join(where, each)))))


def _absent(given: str, full: str) -> str:
    return f"{given} is a symbolic link that leads nowhere" if os.path.lexists(full) else f"{given}: there is no such file or folder"
