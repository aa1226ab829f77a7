"""Remote charts, pulled once into our own cache and served from there to every render.

kustomize alone pulls beside each kustomization and races with itself when several overlays of a base do so at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentslint.model import HelmChartEntry
from agentslint.render.process import Limits, ProcessGroup, run


class PullError(Exception):
    """A chart that could not be had; the message is helm's own cause."""


@dataclass(frozen=True)
class Offline(PullError):
    """A chart that is not in the cache, while the network is off."""

    chart: HelmChartEntry

    def __str__(self) -> str:
        return f"chart {self.chart.name} {self.chart.version} is not in the cache and the network is off (--offline)"


def pull_arguments(chart: HelmChartEntry) -> list[str]:
    """Return what kustomize 5 hands to `helm pull` behind `--untar --untardir FOLDER` for this entry."""
    if chart.repo.startswith("oci://"):
        arguments = [chart.repo.removesuffix("/") + "/" + chart.name]
    else:
        arguments = ["--repo", chart.repo, chart.name]
    if chart.version:
        arguments += ["--version", chart.version]
    if chart.devel:
        arguments.append("--devel")
    return arguments


@dataclass
class ChartCache:
    """Pulled charts by repository, name and version, in `folder`; a chart without a version lives for one run only."""

    folder: Path
    run_folder: Path
    helm: str
    environ: Mapping[str, str]
    limits: Limits
    group: ProcessGroup
    offline: bool = False
    served: dict[str, Path] = field(default_factory=dict)
    failed: dict[str, PullError] = field(default_factory=dict)

    def provide(self, chart: HelmChartEntry) -> Path:
        """Return the folder that holds the pulled chart; raises PullError (the same one for the same chart)."""
        key = " ".join(pull_arguments(chart))
        if key in self.failed:
            raise self.failed[key]
        if key not in self.served:
            try:
                self.served[key] = self._find_or_pull(chart, key)
            except PullError as error:
                self.failed[key] = error
                raise
        return self.served[key]

    def _find_or_pull(self, chart: HelmChartEntry, key: str) -> Path:
        from filelock import FileLock

        home = self.folder if chart.version else self.run_folder / "charts"
        place = home / _slug(chart, key)
        if place.is_dir():
            return place
        if self.offline:
            raise Offline(chart)
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(str(place) + ".lock"):
            if not place.is_dir():
                self._pull(chart, place)
        return place

    def _pull(self, chart: HelmChartEntry, place: Path) -> None:
        """Pull into a folder of its own and move it into place whole."""
        fresh = Path(tempfile.mkdtemp(prefix=".pull-", dir=place.parent))
        try:
            command = [self.helm, "pull", "--untar", "--untardir", str(fresh / "chart"), *pull_arguments(chart)]
            done = run(command, environ=_homes(self.environ, fresh), cwd=fresh, limits=self.limits, group=self.group)
            if done.breach or done.status:
                raise PullError(done.breach or _cause(done.stderr))
            os.replace(fresh / "chart", place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def write_index(self, path: Path) -> None:
        """Write what the shim reads: the words of a pull, a tab, the folder that answers it."""
        path.write_text("".join(f"{key}\t{place}\n" for key, place in self.served.items()), encoding="utf-8")


def _slug(chart: HelmChartEntry, key: str) -> str:
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", f"{chart.name}-{chart.version or 'latest'}")
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _homes(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    return {**environ, **{f"HELM_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "CACHE", "DATA")}}


def _cause(stderr: str) -> str:
    lines = [line for line in stderr.strip().splitlines() if line and not line.startswith("WARNING")]
    return re.sub(r"^(Error: )+", "", lines[-1] if lines else "helm pull failed without a word")
