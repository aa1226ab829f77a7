"""The files of the repository at a commit, from git's objects: listed, and written to a folder of our own when they are needed.

They are written by git itself from an index of our own, so that links, modes, line ends and filters are what a checkout would
give; neither the user's tree nor the user's index is touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from agentslint import run_folder
from agentslint.change.git import Git, GitError, fields
from agentslint.discover.paths import is_link

LINK = "120000"
_SUBMODULE = "160000"


@dataclass(frozen=True)
class Part:
    """One repository of the tree: the main one (`prefix` is ""), or a submodule that is checked out."""

    git: Git
    commit: str
    prefix: str = ""


@dataclass(frozen=True)
class Entry:
    """A file at the base: its mode and blob, and its path in the repository that it belongs to."""

    mode: str
    blob: str
    path: str
    part: Part


@dataclass
class BaseFiles:
    """All files at the base by their path from the main repository's top."""

    parts: list[Part] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    """Folders of submodules of which the base's commit is not here, and why that is so."""

    @classmethod
    def read(cls, git: Git, commit: str) -> BaseFiles:
        """List the files of a commit, those of submodules that are checked out included; raises GitError."""
        found = cls()
        found._add(Part(git, commit))
        return found

    def _add(self, part: Part) -> None:
        rows = _listed(part)
        self.parts.append(part)
        for mode, blob, path in rows:
            if mode == _SUBMODULE:
                self._submodule(part, path, blob)
            else:
                self.entries[part.prefix + path] = Entry(mode, blob, path, part)

    def _submodule(self, part: Part, path: str, commit: str) -> None:
        folder = os.path.join(part.git.folder, path)
        if not os.path.lexists(os.path.join(folder, ".git")) or is_link(folder):
            return
        try:
            self._add(Part(Git(folder, part.git.network), commit, f"{part.prefix}{path}/"))
        except GitError:
            reason = f"the submodule {part.prefix}{path} lacks the commit {commit[:10]} that the base has; fetch it there"
            self.unknown[f"{part.prefix}{path}/"] = reason

    def write(self, paths: Iterable[str], into: Path) -> None:
        """Write files below `into`; raises GitError."""
        by_part: dict[int, list[Entry]] = {}
        for path in paths:
            entry = self.entries[path]
            by_part.setdefault(id(entry.part), []).append(entry)
        for entries in by_part.values():
            _write(entries, into / entries[0].part.prefix)


def _listed(part: Part) -> list[tuple[str, str, str]]:
    """Mode, blob and path of every file, and of every submodule with its commit."""
    lines = (line.partition("\t") for line in fields(part.git.ask("ls-tree", "-r", "-z", "--full-tree", part.commit)))
    return [(head.split(" ")[0], head.split(" ")[2], path) for head, _, path in lines]


def _write(entries: list[Entry], into: Path) -> None:
    git = entries[0].part.git
    rows = b"".join(f"{entry.mode} {entry.blob}\t".encode() + os.fsencode(entry.path) + b"\0" for entry in entries)
    with run_folder.held("index") as folder:
        index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        git.ask("update-index", "-z", "--index-info", stdin=rows, environ=index)
        git.ask("checkout-index", "--all", "--force", f"--prefix={into}/", environ=index)
