"""A chart without an overlay: a kustomization around a copy of it, beside the repository and never in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentslint import files, run_folder
from agentslint.discover import find_root
from agentslint.discover.chart_folders import below
from agentslint.discover.repository import Repository
from agentslint.errors import UsageError

_MOST_FOLDERS = 10_000
"""Two links to the next folder in each of 40 folders are a million million ways."""


def is_chart(path: str) -> bool:
    """Tell whether a path is the folder of a Helm chart, and none of a kustomization."""
    folder = Path(path)
    return (folder / "Chart.yaml").is_file() and not any((folder / name).exists() for name in ("kustomization.yaml", "kustomization.yml"))


@contextmanager
def around(chart: Path) -> Iterator[Path]:
    """Yield a folder with a kustomization that renders a copy of `chart` with its own values, at the same path below the folder."""
    folder = chart.resolve()
    root = find_root(folder)
    relative = folder.relative_to(root) if folder != root else Path(folder.name)
    with run_folder.held("chart") as staged:
        _copy(folder, root, staged / relative)
        entry = {"name": folder.name, "releaseName": folder.name, "namespace": folder.name, "includeCRDs": False}
        kustomization = {"helmGlobals": {"chartHome": relative.parent.as_posix()}, "helmCharts": [entry]}
        files.write(staged / "kustomization.yaml", json.dumps(kustomization, indent=1).encode())
        yield staged


def _copy(chart: Path, root: Path, into: Path) -> None:
    """Copy a chart with what links in it lead to, but git's own files; raises UsageError where one leads out of the repository."""
    if unread := next((each for each in below(Repository(root), str(chart)).unread if each.why), None):
        raise UsageError(f"{unread.path} {unread.why}; remove it from the chart")
    for path, real in _found(chart):
        files.write_in(into, path, files.read_in(root, real))


def _found(chart: Path) -> Iterator[tuple[str, str]]:
    """Yield the files of a chart as helm finds them, by their path in it, and where each lies; no link back to a folder on its way."""
    waiting: list[tuple[str, tuple[str, ...]]] = [("", (os.path.realpath(chart),))]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        folder, way = waiting.pop()
        for name in sorted(os.listdir(way[-1])):
            real = os.path.realpath(os.path.join(way[-1], name))
            if os.path.isdir(real):
                waiting += [(os.path.join(folder, name), (*way, real))] if name != ".git" and real not in way else []
            elif name != ".git" and os.path.exists(real):
                yield os.path.join(folder, name), real
    raise UsageError(f"{chart}: its links make more than {_MOST_FOLDERS} folders of it; remove some")
