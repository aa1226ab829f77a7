"""A staged copy of what a target reads, for renders that would write into the user's tree, or read what is not theirs.

Always copies: kustomize refuses symbolic links that leave its root, and a hard link would write through to the original.
Links within the repository stay links, so that kustomize judges them as it does in place; one that leads out of it, or into its
`.git`, does not exist in the copy.
"""

from __future__ import annotations

import os
from pathlib import Path

from agentslint import files
from agentslint.model import Target


def needs_stage(target: Target) -> bool:
    """Tell whether kustomize would pull a chart into the tree beside a kustomization of this target, or might read what it must not."""
    closure = target.closure
    return bool(closure.unread or closure.unclear) or any(chart.repo and not chart.present for chart in closure.charts)


def staged_paths(target: Target) -> frozenset[str]:
    """Return the files and folders of which a copy consists; "" is the whole repository."""
    read = target.source or target.closure
    is_chart = any(chart.present and chart.directory == "" for chart in read.charts)
    return read.files | read.folders | ({""} if is_chart else set())


def copied(target: Target, into: Path) -> frozenset[str]:
    """Copy what the render of `target` reads under `into`; returns the paths of the files. Raises OSError."""
    copy = _Copy(target.root, into)
    # The whole repository comes last.
    for relative in sorted(staged_paths(target), key=lambda path: (not path, path)):
        copy.place(relative)
    (into / target.file).parent.mkdir(parents=True, exist_ok=True)
    return frozenset(copy.files)


class _Copy:
    """Copies files, folders and links of one tree to another, each once."""

    def __init__(self, root: Path, into: Path) -> None:
        self.root = root
        self.into = into
        self.files: set[str] = set()
        self._top = os.path.realpath(root)
        self._done: set[str] = set()
        self._links: dict[str, str] = {}

    def place(self, relative: str) -> None:
        """Copy the file or folder at a path, and every link on the way to it."""
        if relative in self._done or files.is_of_git(relative):
            return
        self._done.add(relative)
        source = self.root / relative
        if link := self._link_in(relative):
            leads = self._link(link)
            if leads is not None:
                self.place(os.path.normpath(leads + relative[len(link) :]))
        elif source.is_dir():
            for name in sorted(os.listdir(source)):
                self.place(f"{relative}/{name}" if relative else name)
        elif source.is_file():
            files.copy_in(self.root, relative, self.into)
            self.files.add(relative)

    def _link_in(self, relative: str) -> str:
        """The first part of a path that is a link."""
        if relative not in self._links:
            above = os.path.dirname(relative)
            link = self._link_in(above) if above and above != relative else ""
            self._links[relative] = link or (relative if (self.root / relative).is_symlink() else "")
        return self._links[relative]

    def _link(self, link: str) -> str | None:
        """Make a link to where one leads in the end; returns that, relative to the root, None where it lies outside."""
        real = os.path.realpath(self.root / link)
        if files.leads_out(self._top, str(self.root / link), real) is not None:
            return None
        leads = os.path.relpath(real, self._top)
        copy = self.into / link
        if not copy.is_symlink():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(os.path.relpath(leads, os.path.dirname(link) or "."))
        return leads
