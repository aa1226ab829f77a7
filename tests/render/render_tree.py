"""Small repositories for render tests: files by path, a chart to render, and the target that discover finds in them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from agentslint.discover import DiscoverConfig, discover
from agentslint.model import Location, Target
from agentslint.render import KustomizeRenderer

MakeRenderer = Callable[..., KustomizeRenderer]
Program = Callable[[str, str], Path]

CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "image: nginx:1.27\n",
    "charts/web/templates/settings.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-settings\ndata:\n  image: {{ .Values.image | quote }}\n"
    ),
}
HELM_APP = {
    **CHART,
    "app/values.yaml": "image: nginx:1.28\n",
    "app/kustomization.yaml": (
        "namespace: web\n"
        "helmGlobals:\n"
        "  chartHome: ../charts\n"
        "helmCharts:\n"
        "  - name: web\n"
        "    releaseName: web\n"
        "    namespace: web\n"
        "    valuesFile: values.yaml\n"
    ),
}


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files under `root`, and links (`path -> where`); returns its real path."""
    for path, content in files.items():
        path, _, link = path.partition(" -> ")
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if link:
            file.symlink_to(link)
            continue
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root.resolve()


def targets(root: Path, *paths: str) -> dict[str, Target]:
    """The targets under `paths` of a repository (all of it by default), by name."""
    found = discover([str(root / path) for path in paths or (".",)], root=root, config=DiscoverConfig())
    return {target.name: target for target in found.targets}


def the_target(root: Path, path: str = "app") -> Target:
    """The target of one folder."""
    return targets(root, path)[path]


def snapshot(root: Path) -> dict[str, tuple[object, ...]]:
    """All that can be seen of a tree: names, kinds, modes, times, contents, where links lead."""
    return {os.path.relpath(path, root): _seen(path) for path in (root, *root.rglob("*"))}


def _seen(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    content = str(path.readlink()) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return stat.filemode(status.st_mode), status.st_mtime_ns, status.st_size if path.is_file() else 0, content


def processes_of(folder: Path) -> list[psutil.Process]:
    """The processes that have a path of this folder in their words or their environment."""
    found = []
    for running in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            known = "\0".join((*running.cmdline(), *running.environ().values()))
            if str(folder) in known and running.pid != os.getpid() and running.status() != psutil.STATUS_ZOMBIE:
                found.append(running)
    return found


def assert_no_process_of(folder: Path) -> None:
    """Nothing runs on that was started with this folder; what has been killed may take a moment to go."""
    _, alive = psutil.wait_procs(processes_of(folder), timeout=20)
    assert not alive


def pointed_at(root: Path, location: Location) -> str:
    """The text at a location of a repository."""
    region = location.region
    assert region.start_line == region.end_line, "a place of a failed render is on one line"
    line = (root / location.path).read_text(encoding="utf-8", errors="replace").split("\n")[region.start_line - 1]
    return line[region.start_column - 1 : region.end_column - 1]
