"""Where kustomize looks for a Helm chart, and what lies there.

`absChartHome` and `chartExistsLocally` of kustomize 5.8's api/internal/builtins/HelmChartInflationGenerator.go: the chart of an
entry with both `repo` and `version` is looked for in a folder `NAME-VERSION` under the chart home, else in the home itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from agentslint.discover.kustomization import Chart
from agentslint.discover.paths import is_link
from agentslint.discover.repository import Repository
from agentslint.model import HelmChartEntry

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
    )
    return entry, full


def chart_paths(repository: Repository, folder: str) -> Iterator[str]:
    """Yield the absolute real paths that helm reads for a chart: its folder, and whatever links in it lead to."""
    real = repository.real_folder(folder)
    yield real
    for where, folders, names in os.walk(real):
        for name in folders + names:
            full = os.path.join(where, name)
            if is_link(full):
                yield os.path.realpath(full)
