"""The kustomizations of a repository and what each one reads: each file is parsed at most once."""

from __future__ import annotations

import os
from collections.abc import Iterable

from agentslint.discover.direct import Direct, Reader
from agentslint.discover.image_pins import pins
from agentslint.discover.repository import Repository
from agentslint.model import Closure, HelmChartEntry, RemoteReference, Unclear, Unread
from agentslint.model.target import KUSTOMIZATION_FILES


class Graph:
    """Kustomizations by their folder's real absolute path."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._direct: dict[str, Direct] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def file_names(self, folder: str) -> tuple[str, ...]:
        """Return the names of the kustomization files in a folder: none, one, or more, which kustomize refuses."""
        names = self._names.get(folder)
        if names is None:
            names = tuple(name for name in KUSTOMIZATION_FILES if os.path.lexists(f"{folder}/{name}"))
            self._names[folder] = names
        return names

    def direct(self, folder: str) -> Direct:
        """Return what the kustomization in `folder` reads itself."""
        found = self._direct.get(folder)
        if found is None:
            # Known before it is complete: a generator's folder may lead back here.
            found = self._direct[folder] = Direct()
            Reader(self._repository, folder, found, self).read()
        return found

    def reachable(self, folder: str) -> list[str]:
        """Return the folder and all that it builds on, in the order in which they are named."""
        seen: dict[str, None] = {}
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen[here] = None
                waiting.extend(reversed(self.direct(here).children))
        return list(seen)

    def closure(self, folder: str) -> Closure:
        """Return everything that the kustomization in `folder` reads."""
        files: set[str] = set()
        folders: set[str] = set()
        kustomizations: list[str] = []
        charts: list[HelmChartEntry] = []
        remotes: list[RemoteReference] = []
        unread: dict[str, Unread] = {}
        unclear: list[Unclear] = []
        for here in self.reachable(folder):
            direct = self.direct(here)
            files |= direct.files
            folders |= direct.folders
            kustomizations += direct.kustomizations
            charts += direct.charts
            remotes += direct.remotes
            unread |= direct.unread
            unclear += direct.unclear
        return Closure(
            frozenset(files), frozenset(folders), tuple(kustomizations), tuple(charts), tuple(dict.fromkeys(remotes)),
            pins(folder, self), tuple(unread.values()), tuple(unclear),
        )  # fmt: skip

    def roots(self, folders: Iterable[str], given: str | None = None) -> list[str]:
        """Return `given`, and those of `folders` that are no Components and that no other one refers to.

        What only a cycle or an unused Component refers to is not lost: the first of each by name is returned, too.
        """
        listed = sorted(folders)
        plain = [folder for folder in listed if not self.direct(folder).component]
        chosen = [] if given is None else [given]
        referred = self._referred((*chosen, *listed))
        chosen += [folder for folder in plain if folder not in referred]
        covered = {each for folder in chosen for each in self.reachable(folder)}
        while left := [folder for folder in plain if folder not in covered]:
            referred = self._referred(left)
            pick = next((folder for folder in left if folder not in referred), left[0])
            chosen.append(pick)
            covered.update(self.reachable(pick))
        return chosen

    def _referred(self, folders: Iterable[str]) -> set[str]:
        return {child for folder in folders for child in self.direct(folder).children if child != folder}
