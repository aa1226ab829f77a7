"""The folder in which kustomize looks for a Helm chart, and its contents.

`absChartHome` and `chartExistsLocally` of kustomize 5.8's api/internal/builtins/HelmChartInflationGenerator.go: the chart of an
entry with both `repo` and `version` is looked for in a folder `NAME-VERSION` under the chart home, else in the home itself.
"""

from __future__ import annotations

import os

from msgspec import Struct

from agentslint.discover.kustomization import Chart
from agentslint.discover.repository import Repository
from agentslint.model import HelmChartEntry, Location, Unread

_DEFAULT_HOME = "charts"


def chart_entry(repository: Repository, folder: str, chart: Chart, path: str) -> tuple[HelmChartEntry, str]:
    """Return the entry of a chart that the kustomization in `folder` inflates, and the absolute folder of the chart.

    `path` is the file that holds the entry.
    """
    versioned = f"{chart.name}-{chart.version}" if chart.version and chart.repo else ""
    full = os.path.normpath(os.path.join(folder, chart.home or _DEFAULT_HOME, versioned, chart.name))
    entry = HelmChartEntry(
        kustomization=path,
        line=chart.line,
        name=chart.name,
        release=chart.release,
        repo=chart.repo,
        version=chart.version,
        devel=chart.devel,
        directory=repository.relative(full),
        present=bool(chart.name) and os.path.isdir(full),
        version_region=chart.version_region,
        crds_at=Location(path, chart.crds_region, "", ("helmCharts", chart.name, chart.release, "includeCRDs"))
        if chart.crds_region
        else None,
    )
    return entry, full


class Below(Struct, frozen=True):
    """The contents of a folder as helm reads them: the targets of its links, and the paths that must not be read."""

    linked: tuple[str, ...]
    unread: tuple[Unread, ...]


def below(repository: Repository, folder: str) -> Below:
    """Look through a chart's real absolute folder, and the folders to which links in it lead, as helm does; once a folder."""
    known: Below | None = repository.looked_through.get(folder)
    if known is None:
        known = repository.looked_through[folder] = _look_through(repository, folder)
    return known


def _look_through(repository: Repository, folder: str) -> Below:
    linked: list[str] = []
    unread: list[Unread] = []
    waiting, seen = [folder], {folder}
    while waiting:
        for entry in _entries(waiting.pop()):
            leads = entry.path
            if why := _unread(repository, entry):
                unread.append(Unread(repository.relative(entry.path) or entry.path, why.strip()))
                continue
            if entry.is_symlink():
                leads = os.path.realpath(leads)
                linked.append(leads)
            if entry.is_dir() and leads not in seen:
                seen.add(leads)
                waiting.append(leads)
    return Below(tuple(linked), tuple(unread))


def _unread(repository: Repository, entry: os.DirEntry[str]) -> str:
    """Say why an entry of a folder is not read; git's own is a blank, since nobody need know."""
    if entry.name == ".git":
        return " "
    if entry.is_symlink() or not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
        return repository.unread(entry.path)
    return ""


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
