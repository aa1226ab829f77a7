"""The files of a commit, asked for by their paths on disk: what a policy is read from."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.config.tree import ON_DISK
from agentslint.errors import UsageError
from agentslint.git.base_revision import Revision
from agentslint.git.command import Git, GitError
from agentslint.git.objects import LINK, BaseFiles, TreeEntry

_MOST_LINKS = 40
"""As many links in a row as Linux follows."""


class CommitTree(Struct, frozen=True, dict=True):
    """The files of a commit of the repository at `root`. Those outside of the repository are taken as they are on disk."""

    git: Git
    revision: Revision
    root: str

    @classmethod
    def of(cls, root: Path, name: str, network: bool = True) -> CommitTree:
        """Return the tree of the commit that `name` names; raises UsageError where it is not here."""
        try:
            git = Git.of(str(root), network)
            commit = git.commit(name)
            shallow = commit is None and git.is_shallow
        except GitError as error:
            raise UsageError(f"--policy-from {name}: {error}") from None
        if commit is None:
            deeper = "get more history: actions/checkout with fetch-depth: 0, or git fetch --unshallow"
            where = f"this clone, which is shallow; {deeper}" if shallow else f"{git.folder}; fetch it, or name a commit that is there"
            raise UsageError(f"--policy-from: {name!r} is not a commit in {where}")
        return cls(git, Revision(commit, name), os.path.realpath(git.folder))

    @property
    def short(self) -> str:
        """What messages call the commit."""
        return self.revision.short if self.revision.commit.startswith(self.revision.name) else self.revision.name

    @cached_property
    def entries(self) -> dict[str, TreeEntry]:
        """All files by their paths from the root, links among them; raises UsageError."""
        try:
            return BaseFiles.read(self.git, self.revision.commit).entries
        except GitError as error:
            raise UsageError(f"--policy-from {self.short}: {error}") from None

    def named(self, path: str) -> Path:
        """Return the file that a user names; no link of the work tree leads it elsewhere."""
        inside = self.inside(path)
        return ON_DISK.named(path) if inside is None else Path(self.root, inside)

    def exists(self, path: Path) -> bool:
        """Tell whether the commit has a file there."""
        inside = self.inside(path)
        return ON_DISK.exists(path) if inside is None else inside in self.entries or self._leads_to(inside) is not None

    def read(self, path: Path, limit: int = files.CONFIGURATION, *, named: bool = False) -> bytes:
        """Return what a file holds; raises OSError."""
        inside = self.inside(path)
        return ON_DISK.read(path, limit, named=named) if inside is None else self.content(inside, limit)

    def content(self, inside: str, limit: int) -> bytes:
        """Return what a file holds, by its path from the root; raises OSError."""
        entry = self._leads_to(inside)
        if entry is None:
            raise OSError(errno.ENOENT, f"there is no such file at {self.short}", inside)
        data = self.blobs([entry])[entry.blob]
        if len(data) > limit:
            raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB", inside)
        return data

    def shown(self, path: Path) -> str:
        """Return what messages call a file: `REV:path`, or its path where it lies outside."""
        inside = self.inside(path)
        return ON_DISK.shown(path) if inside is None else f"{self.short}:{inside}"

    def inside(self, path: str | Path) -> str | None:
        """Return a path relative to the root, as it is written; None where it lies outside.

        The links of the work tree are the stranger's: they decide only of a path that nothing else places in the repository.
        """
        full = os.path.abspath(path)
        above = [*reversed(Path(full).parents), Path(full)]
        top = next((str(each) for each in above if os.path.realpath(each) == self.root), None)
        if top is None:
            full, top = os.path.realpath(full), self.root
        relative = os.path.relpath(full, top)
        return None if relative == ".." or relative.startswith("../") else "" if relative == "." else relative

    def blobs(self, entries: Iterable[TreeEntry]) -> dict[str, bytes]:
        """Return what files hold, by the names of their blobs, byte for byte as they were committed; raises OSError."""
        by_git: dict[Git, set[str]] = {}
        for entry in entries:
            by_git.setdefault(entry.part.git, set()).add(entry.blob)
        found: dict[str, bytes] = {}
        try:
            for git, names in by_git.items():
                asked = sorted(names)
                found |= _batch(git.ask("cat-file", "--batch", stdin="".join(f"{name}\n" for name in asked).encode()), asked)
        except GitError as error:
            raise OSError(errno.EIO, str(error)) from None
        return found

    def _leads_to(self, inside: str) -> TreeEntry | None:
        """The file that stands at a path once the commit's own links are followed; None for a folder and for what leads out."""
        for _ in range(_MOST_LINKS):
            parts = inside.split("/")
            heads = ("/".join(parts[:length]) for length in range(1, len(parts) + 1))
            head = next((each for each in heads if each in self.entries), None)
            if head is None or (entry := self.entries[head]).mode != LINK:
                return self.entries.get(inside)
            target = os.fsdecode(self.blobs([entry])[entry.blob])
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(head), target) + inside[len(head) :])
        return None


def _batch(output: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Read what `git cat-file --batch` prints: a line with name, type and size, and so many bytes, for each."""
    found: dict[str, bytes] = {}
    at = 0
    for name in names:
        end = output.index(b"\n", at)
        _, kind, size = (*output[at:end].split(b" "), b"", b"")[:3]
        if kind != b"blob":
            raise GitError(f"the object {name[:10]} is not in this clone")
        found[name] = output[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)
    return found
