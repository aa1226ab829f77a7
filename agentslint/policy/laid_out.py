"""Programs and plugins of a commit, laid out in a folder of our own: those of the work tree may have been exchanged."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from agentslint import files, run_folder
from agentslint.errors import UsageError
from agentslint.git.objects import LINK
from agentslint.policy.commit import CommitTree

_PYTHON = ".py"


class Layout:
    """What a policy runs, as it was at its commit, with what stands beside it."""

    def __init__(self, tree: CommitTree) -> None:
        self.tree = tree
        self._written: set[str] = set()
        self._path = list(sys.path)

    @cached_property
    def folder(self) -> Path:
        """The folder, made when something is laid out."""
        return run_folder.temporary("policy")

    def place(self, path: Path) -> Path:
        """Return where a file of the policy stands, laid out with its folder (and all Python files); raises UsageError.

        A file outside of the repository stays where it is.
        """
        inside = self.tree.inside(path)
        if inside is None:
            return path
        if not self.tree.exists(path):
            raise UsageError(f"{self.tree.shown(path)}: there is no such file at {self.tree.short}")
        python = [each for each in self.tree.entries if each.endswith(_PYTHON)] if inside.endswith(_PYTHON) else []
        try:
            self._write({*self._around(inside), *python})
        except OSError as error:
            raise UsageError(f"{self.tree.shown(path)}: it cannot be laid out: {error.strerror or error}") from None
        if python:
            sys.path[:] = self._redirected(sys.path)
        return self.folder / inside

    def close(self) -> None:
        """Remove the folder, and look for modules where they were looked for before."""
        sys.path[:] = self._path
        if "folder" in self.__dict__:
            run_folder.remove(self.folder)

    def _around(self, inside: str) -> Iterator[str]:
        """The files of a file's folder; in the root only those that stand right in it, which all others are below."""
        folder = posixpath.dirname(inside)
        for path in self.tree.entries:
            if path.startswith(f"{folder}/") if folder else "/" not in path:
                yield path

    def _write(self, paths: Iterable[str]) -> None:
        new = {path: self.tree.entries[path] for path in paths if path not in self._written}
        held = self.tree.blobs(new.values())
        links = [path for path, entry in new.items() if entry.mode == LINK]
        for path, entry in new.items():
            if entry.mode != LINK:
                files.write_in(self.folder, path, held[entry.blob])
                (self.folder / path).chmod(0o755 if entry.mode == "100755" else 0o644)
        for path in links:
            self._link(path, os.fsdecode(held[new[path].blob]))
        self._written.update(new)

    def _link(self, path: str, target: str) -> None:
        """Make a link that stays in the folder; one that leads out of it would lead into the work tree or the system."""
        leads = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if not (leads.startswith(("../", "/")) or leads == ".."):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).symlink_to(target)

    def _redirected(self, places: Iterable[str]) -> list[str]:
        """Where modules are looked for: in the folder for what the commit has, and no more in the work tree."""
        folders = {posixpath.dirname(path) for path in self.tree.entries if path.endswith(_PYTHON)}
        found = []
        for place in places:
            inside = self.tree.inside(place or ".")
            found.append(str(self.folder / inside) if inside is not None and inside in folders else place)
        return found
