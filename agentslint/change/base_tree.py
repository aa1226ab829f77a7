"""The base revision on disk: a temporary folder that holds the requested part of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from agentslint import files, run_folder
from agentslint.discover.manifest_files import SUFFIXES
from agentslint.discover.plugin_files import plugins
from agentslint.git.changed_files import DELETED, Changed, below
from agentslint.git.objects import LINK, BaseFiles
from agentslint.model import Closure
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.paths import ancestors, is_link, parent

_STRUCTURE = tuple(f"/{name}" for name in (*KUSTOMIZATION_FILES, "Chart.yaml"))


class BaseTree:
    """The base below `root`, a folder of our own; `here` is the root of the work tree."""

    def __init__(self, files: BaseFiles, changed: Changed, here: str) -> None:
        self.files = files
        self.changed = changed
        self.here = here
        self.root = run_folder.temporary("base")
        self._written: set[str] = set()

    def close(self) -> None:
        """Remove the folder."""
        run_folder.remove(self.root)

    def provide_structure(self, *, whole: bool) -> None:
        """Write the files that discovery needs: kustomizations, links, and changed files; everything on request. Raises GitError.

        Of other files discovery wants to know no more than their names, as long as they and what stands around them is the same today.
        """
        entries = self.files.entries
        self._write(path for path, entry in entries.items() if whole or entry.mode == LINK or f"/{path}".endswith(_STRUCTURE))
        self._write(path for path in self.changed.files if path in entries and self.may_matter(path))
        self._write(path for path in self._at_base(self._restructured) if path.endswith(SUFFIXES))
        for each in list(plugins(self.root, list(self._written))):
            named = [*(path for path in each.places if path in entries), *self._at_base(each.places)]
            self._write(named)
            self._write(path for path in each.named(self.root, named) if path in entries)

    def may_matter(self, path: str) -> bool:
        """Tell whether a changed file may decide which targets there are: by its name, or by being gone, a link, a repository."""
        if f"/{path}".endswith((*_STRUCTURE, *SUFFIXES, "/")) or self.changed.files.get(path) == DELETED:
            return True
        return is_link(os.path.join(self.here, path)) or (path in self.files.entries and self.files.entries[path].mode == LINK)

    def is_around(self, path: str) -> bool:
        """Tell whether a kustomization or a chart above a file, or beside it, has changed."""
        return any(folder in self._restructured for folder in ancestors(parent(path)))

    @cached_property
    def _restructured(self) -> frozenset[str]:
        """The folders in which a kustomization or a chart has changed."""
        return frozenset(parent(path) for path in self.changed.files if f"/{path}".endswith(_STRUCTURE))

    def locate(self, path: str) -> Path | None:
        """Return where a file or folder stands in the copy, in which it then exists; None where there was none. Raises GitError."""
        copy = Path(os.path.normpath(self.root / path))
        if path in self.files.entries:
            self._write([path])
        elif next(self._at_base([path.removeprefix(".")]), None):
            copy.mkdir(parents=True, exist_ok=True)
        return copy if os.path.lexists(copy) else None

    def provide(self, *closures: Closure) -> bool:
        """Write the files that targets read; tells whether any was new. Raises GitError and OSError.

        Files that git ignores are no part of a change: they are used as they are now.
        """
        before = len(self._written)
        paths = {path for closure in closures for path in closure.files}
        folders = {folder for closure in closures for folder in closure.folders}
        self._write(path for path in (*paths, *self._at_base(folders)) if path in self.files.entries)
        self._copy(path for path in self._here(paths, folders) if path not in self.files.entries and not self._is_new(path))
        return len(self._written) > before

    def _at_base(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            yield from below(self._ordered, folder)

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.files.entries)

    def _here(self, paths: Iterable[str], folders: Iterable[str]) -> Iterator[str]:
        yield from (path for path in paths if os.path.isfile(os.path.join(self.here, path)))
        for folder in folders:
            for where, inside, names in os.walk(os.path.join(self.here, folder)):
                inside[:] = [name for name in inside if name != ".git"]
                inner = os.path.relpath(where, self.here)
                yield from (f"{inner}/{name}" for name in names if name != ".git")

    def _is_new(self, path: str) -> bool:
        return path in self._written or path in self.changed.files or path.startswith(self.changed.repositories)

    def _write(self, paths: Iterable[str]) -> None:
        new = list(dict.fromkeys(path for path in paths if path not in self._written))
        self.files.write(new, self.root)
        self._written.update(new)
        for path in new:
            if self.files.entries[path].mode == LINK:
                self._redirect(path)

    def _redirect(self, path: str) -> None:
        """A link out of the repository leads where it leads in the work tree, so that it is refused there; one into it leads into the copy.

        Nothing is read or written through a link that leads out: `files.read_in` and the stage see to that.
        """
        copy = self.root / path
        said = str(copy.readlink())
        full = os.path.normpath(os.path.join(self.here, os.path.dirname(path), said))
        inside = full.startswith(f"{self.here}/")
        if inside == said.startswith("/"):
            copy.unlink()
            copy.symlink_to(self.root / os.path.relpath(full, self.here) if inside else full)

    def _copy(self, paths: Iterable[str]) -> None:
        for path in list(paths):
            # No file behind a link out of the repository, no pipe, and nothing through a link out of the copy.
            with suppress(OSError):
                files.copy_in(self.here, path, self.root)
            self._written.add(path)
