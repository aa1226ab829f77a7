"""Lists the kustomizations under a folder, and the files that may be manifests."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from agentslint import files
from agentslint.discover.kustomization import FILE_NAMES
from agentslint.discover.manifest_files import SUFFIXES
from agentslint.discover.repository import Repository
from agentslint.errors import UsageError
from agentslint.paths import ancestors, is_link, parent

_CHART_FILE = "Chart.yaml"
_CHARTS = "charts"

Excluded = Callable[[str], bool]


class Listing:
    """The `kustomizations` (their folders) and `files` (that end as manifests do) under `base`, relative to the root.

    Passed over: what git ignores, `.git`, folders named `charts`, folders of a chart (they hold a Chart.yaml and no
    kustomization), and excluded paths. `base` itself is always listed, because it was named: it may be a
    chart's folder, and where the exclusion covers all of it, the exclusion does not count.
    """

    def __init__(self, repository: Repository, base: str, excluded: Excluded) -> None:
        paths = list(repository.files(base))
        if base and excluded(base + "/"):
            excluded = _nothing
        self._base = base
        self._has_kustomization = {parent(path) for path in paths if path.rpartition("/")[2] in FILE_NAMES}
        self._charts = {parent(path) for path in paths if path.rpartition("/")[2] == _CHART_FILE} - self._has_kustomization
        self._passed: dict[str, bool] = {base: False}
        looked_at = [path for path in paths if not self._passed_over(parent(path)) and not excluded(path)]
        kept = [path for path in looked_at if path.endswith(_ENDINGS)]
        named = [path for path in kept if path.rpartition("/")[2] in FILE_NAMES]
        # git still lists what was deleted.
        self.kustomizations = sorted({parent(path) for path in named if os.path.lexists(repository.full(path))})
        self.files = sorted({path for path in kept if path.endswith(SUFFIXES)}.difference(named))
        self.strays = {path: leads for path in looked_at if not excluded(path + "/") and (leads := _stray(repository, path))}
        """Links to folders out of the repository, and where they lead: their contents are not read."""

    def _passed_over(self, folder: str) -> bool:
        known = self._passed.get(folder)
        if known is None:
            name = folder.rpartition("/")[2]
            known = name == _CHARTS or folder in self._charts or self._passed_over(parent(folder))
            self._passed[folder] = known
        return known


_ENDINGS = (*SUFFIXES, *FILE_NAMES)


def _stray(repository: Repository, path: str) -> str | None:
    full = repository.full(path)
    return files.way_out(repository.root, full) if is_link(full) and os.path.isdir(full) else None


def _nothing(_path: str) -> bool:
    return False


def excluder(patterns: Sequence[str]) -> Excluded:
    """Return what tells whether a path is excluded by patterns in gitignore's syntax; raises UsageError for a bad one."""
    if not patterns:
        return _nothing
    import pathspec

    try:
        return pathspec.GitIgnoreSpec.from_lines(patterns).match_file
    except ValueError as error:
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
            known = not any(os.path.lexists(os.path.join(full, name)) for name in (*FILE_NAMES, _CHART_FILE))
            self._alone[folder] = known
        return known
