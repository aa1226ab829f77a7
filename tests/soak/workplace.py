"""What is interrupted: a repository with charts of a slow server, linted, compared, traced."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from tests.render.chart_server import ChartServer, index, package, serve, write_chart

CHARTS = 1
SLOW = 0.1
"""Seconds that the server takes for an answer."""
_PEOPLE = {f"GIT_{who}_{part}": "test@example.com" for who in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}


@dataclass(frozen=True)
class Workplace:
    """A repository, and all that its runs may touch: `tmp`, `home`, `reports`."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.folder / "repo"

    @property
    def tmp(self) -> Path:
        return self.folder / "tmp"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def cache(self) -> Path:
        return self.folder / "home/.cache/agentslint/charts"

    def tree(self) -> dict[str, bytes]:
        """All files of the repository, those of git included but for its objects."""
        files = (path for path in self.root.rglob("*") if path.is_file() and "objects" not in path.parts)
        return {str(path.relative_to(self.root)): path.read_bytes() for path in sorted(files)}

    def forget_charts(self) -> None:
        """Empty the cache, so that the next run pulls."""
        shutil.rmtree(self.cache, ignore_errors=True)


@contextmanager
def workplace(folder: Path) -> Iterator[Workplace]:
    """Make a workplace; its chart server is up meanwhile."""
    for name in ("tmp", "home", "reports", "served"):
        (folder / name).mkdir(parents=True)
    helm = Path(os.environ["AGENTSLINT_HELM"])
    for number in range(CHARTS):
        package(helm, write_chart(folder / "sources", f"remote-{number}"), folder / "served")
    index(helm, folder / "served")
    with serve(folder / "served") as server:
        server.hook = _slowly
        place = Workplace(folder, _environment(folder))
        _repository(place.root, server)
        yield place


def _slowly(_: SimpleHTTPRequestHandler) -> bool:
    time.sleep(SLOW)
    return False


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "AGENTSLINT_KUSTOMIZE", "AGENTSLINT_HELM")}
    return kept | {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}


def _repository(root: Path, server: ChartServer) -> None:
    for number in range(CHARTS):
        _application(root / f"apps/remote-{number}", f"remote-{number}", f"  repo: {server.url}\n  version: 1.0.0\n")
        _application(root / f"apps/local-{number}", "web", "")
        shutil.copytree(write_chart(root.parent / f"local-{number}", "web"), root / f"apps/local-{number}/charts/web")
    _git(root, "init", "--quiet", "--initial-branch=main")
    for tag in ("1.27", "latest"):
        for file in root.glob("apps/*/pod.yaml"):
            file.write_text(_POD.format(tag=tag))
        _git(root, "add", "--all")
        _git(root, "commit", "--quiet", "--message", tag)


_POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n    - name: web\n      image: nginx:{tag}\n"


def _application(folder: Path, chart: str, more: str) -> None:
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text(f"resources: [pod.yaml]\nhelmCharts:\n- name: {chart}\n  releaseName: {chart}\n{more}")
    (folder / "pod.yaml").write_text(_POD.format(tag="1.27"))


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, env=os.environ | _PEOPLE | {"GIT_CONFIG_GLOBAL": os.devnull}, check=True, capture_output=True)
