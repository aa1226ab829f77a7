"""Which files differ between the base and the work tree: committed, uncommitted and untracked changes alike."""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from agentslint.git.command import Git, GitError, fields
from agentslint.git.objects import LINK, BaseFiles, ObjectPart, TreeEntry
from agentslint.model import Closure
from agentslint.paths import is_link

ADDED, DELETED, MODIFIED = "added", "deleted", "modified"
UNKNOWN = "not checked"
"""A filter stores the file, and does not run here."""


class Changed(Struct, frozen=True, dict=True):
    """Changed files and what became of each. A path that ends in a slash is a repository inside of this one, all of it new."""

    files: Mapping[str, str]

    def touching(self, closure: Closure) -> Iterator[str]:
        """Yield the changed files that a target reads."""
        yield from sorted(closure.files.intersection(self.files))
        for folder in sorted(closure.folders):
            yield from self.under(folder)
        for whole in self.repositories:
            if any(each.startswith(whole) for each in (*closure.files, *(f"{folder}/" for folder in closure.folders))):
                yield whole

    def under(self, folder: str) -> Iterator[str]:
        """Yield the changed files in a folder."""
        yield from below(self._ordered, folder)

    @cached_property
    def repositories(self) -> tuple[str, ...]:
        """The repositories inside of this one that are new."""
        return tuple(path for path in self._ordered if path.endswith("/"))

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.files)


def below(ordered: Sequence[str], folder: str) -> Iterator[str]:
    """Yield those of the paths, which are in their order, that lie in a folder."""
    prefix = f"{folder}/" if folder else ""
    for number in range(bisect_left(ordered, prefix), len(ordered)):
        if not ordered[number].startswith(prefix):
            return
        yield ordered[number]


def changed_files(base: BaseFiles) -> Changed:
    """Compare the base with what is on disk; raises GitError. Files that a sparse checkout leaves out leave the base, too."""
    found: dict[str, str] = {}
    for part in base.parts:
        for path in _left_out(part):
            base.entries.pop(part.prefix + path, None)
        for path, what in _changed(part, base.entries):
            name = base.filtered.get(part.prefix + path)
            found[part.prefix + path] = UNKNOWN if name and what == MODIFIED else what
            if name:
                base.unknown[part.prefix + path] = _stored(part, path, name)
    for part in base.parts:
        found.pop(part.prefix, None)
    return Changed({**dict.fromkeys(base.unknown, MODIFIED), **found})


def _stored(part: ObjectPart, path: str, name: str) -> str:
    reason = "this repository's own configuration defines it" if part.git.network else "it may use the network (--offline)"
    return f"{part.prefix}{path} is not checked: stored by filter {name}, which does not run since {reason}"


def _changed(part: ObjectPart, entries: Mapping[str, TreeEntry]) -> Iterator[tuple[str, str]]:
    asked: dict[str, TreeEntry] = {}
    for path in dict.fromkeys((*_differing(part), *_untracked(part))):
        entry = entries.get(part.prefix + path)
        full = os.path.join(part.git.folder, path)
        if not os.path.lexists(full):
            yield path, DELETED
        elif entry:
            asked[path] = entry
        else:
            yield path.rstrip("/") + "/" * _is_folder(full), ADDED
    for path, blob in _blobs(part.git, asked).items():
        if blob != asked[path].blob:
            yield path, MODIFIED


def _differing(part: ObjectPart) -> list[str]:
    """The paths that differ from the commit, be it only in their times: plumbing, which leaves the index as it is."""
    words = ("diff-index", "-z", "--name-only", "--no-renames", "--ignore-submodules=dirty", part.commit, "--")
    return fields(part.git.ask(*words))


def _untracked(part: ObjectPart) -> list[str]:
    return fields(part.git.ask("ls-files", "-z", "--others", "--exclude-standard"))


def _left_out(part: ObjectPart) -> list[str]:
    if not part.git.settings.is_sparse:
        return []
    tagged = fields(part.git.ask("ls-files", "-z", "-t"))
    return [row[2:] for row in tagged if row.startswith("S ") and not os.path.lexists(os.path.join(part.git.folder, row[2:]))]


def _is_folder(full: str) -> bool:
    return os.path.isdir(full) and not is_link(full)


def _blobs(git: Git, asked: Mapping[str, TreeEntry]) -> dict[str, str]:
    """Name the blob that git would make of each file; "" where it has become another kind of file or cannot be read."""
    links = {path for path in asked if stat.S_ISLNK(os.lstat(os.path.join(git.folder, path)).st_mode)}
    found = dict.fromkeys(asked, "")
    same = [path for path, entry in asked.items() if (path in links) == (entry.mode == LINK)]
    plain = [path for path in same if path not in links and os.path.isfile(os.path.join(git.folder, path))]
    found |= zip(plain, _hashed(git, plain), strict=True)
    for path in links.intersection(same):
        text = os.fsencode(Path(git.folder, path).readlink())
        found[path] = git.ask("hash-object", "--stdin", stdin=text).decode().strip()
    return found


def _hashed(git: Git, paths: Iterable[str]) -> list[str]:
    names = list(paths)
    simple = [name for name in names if "\n" not in name and not name.startswith('"')]
    try:
        hashes = git.ask("hash-object", "--stdin-paths", stdin=b"".join(os.fsencode(name) + b"\n" for name in simple)).decode().split()
    except GitError:
        # One of them cannot be read.
        return [""] * len(names)
    known = dict(zip(simple, hashes, strict=True))
    return [known.get(name) or (git.answer("hash-object", "--", name) or "") for name in names]
