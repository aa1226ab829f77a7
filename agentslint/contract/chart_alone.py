"""A chart without an overlay: a kustomization around a copy of it, beside the repository and never in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentslint import run_folder
from agentslint.discover import find_root

_IGNORED = shutil.ignore_patterns(".git")


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
        shutil.copytree(folder, staged / relative, ignore=_IGNORED)
        entry = {"name": folder.name, "releaseName": folder.name, "namespace": folder.name, "includeCRDs": False}
        kustomization = {"helmGlobals": {"chartHome": relative.parent.as_posix()}, "helmCharts": [entry]}
        (staged / "kustomization.yaml").write_text(json.dumps(kustomization, indent=1), encoding="utf-8")
        yield staged
