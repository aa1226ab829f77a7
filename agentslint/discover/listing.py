"""Lists the kustomizations under a folder, and the files that may be manifests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from agentslint import files
from agentslint.discover.chart_file import CHART_FILE
from agentslint.discover.manifest_files import SUFFIXES
from agentslint.discover.repository import Repository
from agentslint.errors import UsageError
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.paths import ancestors, is_link, parent

Excluded = Callable[[str], bool]


class Listing:
    """The `kustomizations` (their folders) and `files` (that end as manifests do) under `base`, relative to the root.

    Passed over: what git ignores, `.git`, folders of a chart (they hold a Chart.yaml and no kustomization), and excluded paths.
    `base` itself may be a chart's folder, because it was named.
    """

    def __init__(self, repository: Repository, base: str, excluded: Excluded) -> None:
        paths = list(repository.files(base))
        self._base = base
        self._has_kustomization = {parent(path) for path in paths if path.rpartition("/")[2] in KUSTOMIZATION_FILES}
        charts = [path for path in paths if path.rpartition("/")[2] == CHART_FILE and repository.holds_chart(parent(path))]
        self._charts = {parent(path) for path in charts} - self._has_kustomization
        self.charts = _outermost(parent(path) for path in charts if not excluded(path))
        """The folders of all charts that are not excluded, without those inside of another one."""
        self.source_files = [path for path in paths if is_source_file(path.rpartition("/")[2]) and not excluded(path)]
        """What Argo CD lays over folders, be they those of charts."""
        self._passed: dict[str, bool] = {base: False}
        looked_at = [path for path in paths if not self._passed_over(parent(path)) and not excluded(path)]
        kept = [path for path in looked_at if path.endswith(_ENDINGS)]
        named = [path for path in kept if path.rpartition("/")[2] in KUSTOMIZATION_FILES]
        # git still lists what was deleted.
        self.kustomizations = sorted({parent(path) for path in named if os.path.lexists(repository.full(path))})
        self.files = sorted({path for path in kept if path.endswith(SUFFIXES)}.difference(named))
        links = [path for path in looked_at if not excluded(path + "/") and _is_linked_folder(repository, path)]
        self.strays = {path: leads for path in links if (leads := files.way_out(repository.root, repository.full(path)))}
        """Links to folders out of the repository, and where they lead: their contents are not read."""
        self.linked = [folder for path in links if path not in self.strays and (folder := self._elsewhere(repository, path)) is not None]
        """Folders of the repository to which links lead, and which the listing does not hold: somebody wants them looked at by the link."""

    def _elsewhere(self, repository: Repository, path: str) -> str | None:
        folder = repository.relative(os.path.realpath(repository.full(path)))
        if folder is None:
            return None
        below = not self._base or f"{folder}/".startswith(f"{self._base}/")
        return None if below and not self._passed_over(folder) else folder

    def _passed_over(self, folder: str) -> bool:
        known = self._passed.get(folder)
        if known is None:
            known = folder in self._charts or self._passed_over(parent(folder))
            self._passed[folder] = known
        return known


def is_source_file(name: str) -> bool:
    """Tell whether Argo CD takes a file for one that overrides the source of an Application."""
    return name.startswith(".argocd-source") and name.endswith(".yaml")


def _outermost(folders: Iterable[str]) -> list[str]:
    found = sorted(set(folders))
    known = set(found)
    return [folder for folder in found if not folder or known.isdisjoint(ancestors(parent(folder)))]


_ENDINGS = (*SUFFIXES, *KUSTOMIZATION_FILES)


def _is_linked_folder(repository: Repository, path: str) -> bool:
    full = repository.full(path)
    return is_link(full) and os.path.isdir(full)


def _nothing(_path: str) -> bool:
    return False


def excluder(patterns: Sequence[str]) -> Excluded:
    """Return what tells whether a path is excluded by patterns in gitignore's syntax; raises UsageError for a bad one."""
    if not patterns:
        return _nothing
    import re

    import pathspec

    try:
        return pathspec.GitIgnoreSpec.from_lines(patterns).match_file
    except (ValueError, re.error) as error:
        raise UsageError(f"exclude: {error}") from None


class Neighbourhood:
    """Tells which files stand alone: no kustomization and no chart above them, up to the root."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._alone: dict[str, bool] = {}

    def stand_alone(self, path: str) -> bool:
        """Tell whether the file is outside of every kustomization's and every chart's folder."""
        return all(self._is_plain(folder) for folder in ancestors(parent(path)))

    def _is_plain(self, folder: str) -> bool:
        known = self._alone.get(folder)
        if known is None:
            full = self._repository.full(folder)
            kustomized = any(os.path.isfile(os.path.join(full, name)) for name in KUSTOMIZATION_FILES)
            known = not kustomized and not self._repository.holds_chart(folder)
            self._alone[folder] = known
        return known
