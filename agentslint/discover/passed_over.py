"""Charts that nothing inflates, and manifests that the kustomizations above them do not list."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping

from agentslint import files
from agentslint.discover.chart_file import CHART_FILE, chart_file
from agentslint.discover.listing import Listing
from agentslint.discover.manifest_files import is_manifest
from agentslint.discover.repository import Repository
from agentslint.model import Target
from agentslint.model.skipped import Skipped, SkippedKind
from agentslint.paths import ancestors, is_link, join, parent


class ReadFiles:
    """Tells whether any of some targets reads a file, or inflates a chart."""

    def __init__(self, repository: Repository, targets: Iterable[Target]) -> None:
        closures = [target.closure for target in targets]
        self._repository = repository
        self._files = frozenset[str]().union(*(closure.files for closure in closures))
        self._folders = frozenset[str]().union(*(closure.folders for closure in closures))
        self._charts = {chart.directory for closure in closures for chart in closure.charts if chart.present}

    def __call__(self, path: str) -> bool:
        """Tell whether a target reads a file, by its own name or by that to which it links."""
        full = self._repository.full(path)
        linked = self._repository.relative(os.path.realpath(full)) if is_link(full) else None
        return any(self._reads(name) for name in (path, linked) if name is not None)

    def chart(self, folder: str) -> bool:
        """Tell whether a target inflates the chart in a folder."""
        return folder in self._charts or self(join(folder, CHART_FILE))

    def _reads(self, path: str) -> bool:
        return path in self._files or not self._folders.isdisjoint(ancestors(parent(path)))


def skipped_charts(repository: Repository, listing: Listing, read: ReadFiles) -> Iterator[Skipped]:
    """Yield the charts that no target inflates; not those that only others are made of, nor those inside of another chart."""
    described = {folder: chart_file(repository.root, folder) for folder in listing.charts}
    taken = {path for folder, said in described.items() for path in _dependencies(folder, said)}
    for folder, said in described.items():
        if not read.chart(folder) and folder not in taken and said.get("type") != "library":
            yield Skipped(SkippedKind.CHART, folder or ".")


def skipped_manifests(repository: Repository, paths: Iterable[str]) -> Iterator[Skipped]:
    """Yield those of some files that hold manifests; not the parts of a chart, whose templates may look like some."""
    in_chart: dict[str, bool] = {}
    for path in paths:
        folder = parent(path)
        if folder not in in_chart:
            in_chart[folder] = any(repository.holds_chart(each) for each in ancestors(folder))
        if not in_chart[folder] and holds_manifest(repository, path):
            yield Skipped(SkippedKind.MANIFEST, path)


def holds_manifest(repository: Repository, path: str) -> bool:
    """Tell whether a file holds a manifest; one that cannot be read, such as a link to nowhere, holds none."""
    try:
        return is_manifest(files.read_in(repository.root, repository.full(path)))
    except OSError:
        return False


def _dependencies(folder: str, described: Mapping[str, object]) -> Iterator[str]:
    """The folders of charts beside it that a chart is made of (`file://../common`)."""
    listed = described.get("dependencies")
    for each in listed if isinstance(listed, list) else ():
        where = each.get("repository") if isinstance(each, dict) else None
        if isinstance(where, str) and where.startswith("file://"):
            yield posixpath.normpath(join(folder, where.removeprefix("file://")))
