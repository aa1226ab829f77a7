"""The files of the repository at a commit, from git's objects: listed, and written to a folder of our own when they are needed.

They are written by git itself from an index of our own, so that links, modes, line ends and filters are what a checkout would
give; neither the user's tree nor the user's index is touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from agentslint import files, run_folder
from agentslint.git.command import Git, GitError, fields
from agentslint.paths import is_link

LINK = "120000"
_EXECUTABLE = "100755"
_SUBMODULE = "160000"
_UNSAFE = re.compile(rb"[\t/](\.\.?|\.git)?[/\0]", re.IGNORECASE)
"""A name that git checks out nowhere, but that a tree made by hand may hold."""


class ObjectPart(Struct, frozen=True):
    """One repository of the tree: the main one (`prefix` is ""), or a submodule that is checked out."""

    git: Git
    commit: str
    prefix: str = ""


class TreeEntry(Struct, frozen=True):
    """A file at the base: its mode and blob, and its path in the repository that it belongs to."""

    mode: str
    blob: str
    path: str
    part: ObjectPart


class BaseFiles(Struct):
    """All files at the base by their path from the main repository's top."""

    parts: list[ObjectPart] = []
    entries: dict[str, TreeEntry] = {}
    unknown: dict[str, str] = {}
    """What is not known of the base, and why: folders of submodules of which its commit is not here, files that a filter stores."""
    filtered: dict[str, str] = {}
    """Files that git stores through a filter that does not run here, and its name."""

    @classmethod
    def read(cls, git: Git, commit: str) -> BaseFiles:
        """List the files of a commit, those of submodules that are checked out included; raises GitError."""
        found = cls()
        found._add(ObjectPart(git, commit))
        return found

    def _add(self, part: ObjectPart) -> None:
        rows = _listed(part)
        self.parts.append(part)
        for mode, blob, path in rows:
            if mode == _SUBMODULE:
                self._submodule(part, path, blob)
            else:
                self.entries[part.prefix + path] = TreeEntry(mode, blob, path, part)
        self.filtered |= {part.prefix + path: name for path, name in _filtered(part.git, (path for _, _, path in rows)).items()}

    def _submodule(self, part: ObjectPart, path: str, commit: str) -> None:
        folder = os.path.join(part.git.folder, path)
        if not os.path.lexists(os.path.join(folder, ".git")) or is_link(folder):
            return
        try:
            self._add(ObjectPart(Git(folder, part.git.network), commit, f"{part.prefix}{path}/"))
        except GitError:
            reason = f"the submodule {part.prefix}{path} lacks the commit {commit[:10]} that the base has; fetch it there"
            self.unknown[f"{part.prefix}{path}/"] = reason

    def write(self, paths: Iterable[str], into: Path) -> None:
        """Write files below `into`; raises GitError."""
        by_part: dict[int, list[TreeEntry]] = {}
        for path in paths:
            entry = self.entries[path]
            if path in self.filtered and _copied(entry, into):
                continue
            by_part.setdefault(id(entry.part), []).append(entry)
        for entries in by_part.values():
            _write(entries, into / entries[0].part.prefix)


def _listed(part: ObjectPart) -> list[tuple[str, str, str]]:
    """Mode, blob and path of every file, and of every submodule with its commit."""
    said = part.git.ask("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", part.commit)
    if found := _UNSAFE.search(said):
        name = os.fsdecode(found[0]).strip("\t/\0")
        raise GitError(f"the commit {part.commit[:10]} has a file or folder named {name!r}, which git refuses to check out")
    lines = (line.partition("\t") for line in fields(said))
    return [(head.split(" ")[0], head.split(" ")[2], path) for head, _, path in lines]


def _filtered(git: Git, paths: Iterable[str]) -> dict[str, str]:
    """Those of the paths for which attributes name a filter that does not run, and its name."""
    if not git.settings.off:
        return {}
    said = git.ask("check-attr", "-z", "--stdin", "filter", stdin=b"".join(os.fsencode(path) + b"\0" for path in paths))
    rows = os.fsdecode(said).split("\0")
    return {path: name for path, name in zip(rows[::3], rows[2::3], strict=False) if name in git.settings.off}


def _copied(entry: TreeEntry, into: Path) -> bool:
    """Take a file whose content only a filter knows from the work tree; where it differs there, its target is not checked anyway."""
    try:
        data = files.read_in(entry.part.git.folder, entry.path)
        files.write_in(into, entry.part.prefix + entry.path, data)
    except OSError:
        return False
    if entry.mode == _EXECUTABLE:
        (into / entry.part.prefix / entry.path).chmod(0o755)
    return True


def _write(entries: list[TreeEntry], into: Path) -> None:
    git = entries[0].part.git
    rows = b"".join(f"{entry.mode} {entry.blob}\t".encode() + os.fsencode(entry.path) + b"\0" for entry in entries)
    with run_folder.held("index") as folder:
        index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        git.ask("update-index", "-z", "--index-info", stdin=rows, environ=index)
        git.ask("checkout-index", "--all", "--force", f"--prefix={into}/", environ=index)
