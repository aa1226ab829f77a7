"""A chart without an overlay: a kustomization around a copy of it, beside the repository and never in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentslint import files, run_folder
from agentslint.discover import find_root
from agentslint.discover.charts import below
from agentslint.discover.repository import Repository
from agentslint.errors import UsageError


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
    for folder, inside, names in os.walk(chart, followlinks=True):
        inside[:] = [name for name in inside if name != ".git"]
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), chart)
            if name != ".git" and os.path.exists(chart / path):
                files.write_in(into, path, files.read_in(root, chart / path))
