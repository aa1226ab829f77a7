"""The renderer that stands beside production: the real kustomize and helm, one process a target.

The tree is rendered in place, where kustomize writes nothing; a target whose charts would be pulled is rendered in a staged
copy. What comes out is byte for byte what `kustomize build --enable-helm` prints for the folder.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agentslint.model import HelmChartEntry, Location, Rendering, RenderFailure, Target
from agentslint.render.charts import ChartCache, Offline, PullError
from agentslint.render.failure import chart_entry, explain, relative_paths, whole_line, whole_target
from agentslint.render.process import Completed, Limits, ProcessGroup, run
from agentslint.render.stage import needs_stage, stage

SHIM = Path(__file__).with_name("helm-shim.sh")
_FREE_SPEED = {"GOGC": "400"}
_KEPT_HELM = ("HELM_REGISTRY_CONFIG",)


@dataclass(frozen=True)
class RenderOptions:
    """What Argo CD would pass: flags of `kustomize build`, versions that charts see; and the limits of a render."""

    build_options: tuple[str, ...] = ()
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def arguments(self) -> list[str]:
        """The command-line arguments of `kustomize build`."""
        kube = ["--helm-kube-version", self.kube_version] if self.kube_version else []
        return [*self.build_options, *kube, *(word for version in self.api_versions for word in ("--helm-api-versions", version))]


class Renderer(Protocol):
    """What renders a target; a persistent process could stand behind it as well."""

    def render(self, target: Target, options: RenderOptions) -> Rendering | RenderFailure:
        """Render one target; every failure is a value. May be called from several threads."""

    def close(self) -> None:
        """End what is under way and remove what lies about."""


@dataclass
class Programs:
    """The renderers to use: paths, None where one is missing, and how helm answers `version`."""

    kustomize: Path | None
    helm: Path | None
    helm_version: str = ""
    complaint: str = ""
    """What to tell where a program is missing, and what to do about it."""


class KustomizeRenderer:
    """Runs `kustomize build` in a controlled environment, with the shim as its helm."""

    def __init__(self, programs: Programs, *, cache: Path, parallel: bool, offline: bool, environ: Mapping[str, str] | None = None) -> None:
        self.programs = programs
        self.offline = offline
        self.folder = Path(tempfile.mkdtemp(prefix="agentslint-"))
        self.group = ProcessGroup()
        self.count = 0
        self._lock = threading.Lock()
        self._environ = renderer_environment(os.environ if environ is None else environ, parallel=parallel)
        self._environ.update(TMPDIR=str(self._make("tmp")), AGENTSLINT_HELM=str(programs.helm or ""))
        self._environ["AGENTSLINT_HELM_VERSION"] = programs.helm_version
        self._cache = cache
        self._charts: ChartCache | None = None
        self._chart_lock = threading.Lock()

    def render(self, target: Target, options: RenderOptions) -> Rendering | RenderFailure:
        """Render one target, or say why not."""
        try:
            return self._refused(target) or self._unpulled(target, options) or self._build(target, options)
        except OSError as error:
            return RenderFailure(target, "tool", f"the renderer could not be run: {error}", whole_target(target))

    def close(self) -> None:
        """End the processes that are under way and remove the run's temporary folder."""
        self.group.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _refused(self, target: Target) -> RenderFailure | None:
        if self.programs.kustomize is None or (target.closure.charts and self.programs.helm is None):
            return RenderFailure(target, "tool", self.programs.complaint, whole_target(target))
        if self.offline and target.closure.remotes:
            remote = target.closure.remotes[0]
            where = whole_line(target.root / remote.kustomization, remote.line)
            message = f"{remote.url} would be fetched and the network is off (--offline)"
            return RenderFailure(target, "offline", message, Location(remote.kustomization, where))
        return None

    def _unpulled(self, target: Target, options: RenderOptions) -> RenderFailure | None:
        """Provide the remote charts; the failure of one is the failure of the target."""
        for chart in target.closure.charts:
            if chart.repo and not chart.present:
                try:
                    with self._chart_lock:
                        self._chart_cache(options.limits).provide(chart)
                except PullError as error:
                    return _pull_failure(target, chart, error)
        return None

    def _chart_cache(self, limits: Limits) -> ChartCache:
        if self._charts is None:
            self._charts = ChartCache(
                self._cache / "charts", self.folder, str(self.programs.helm), self._environ, limits, self.group, self.offline
            )
        return self._charts

    def _build(self, target: Target, options: RenderOptions) -> Rendering | RenderFailure:
        with self._lock:
            self.count += 1
            work = self._make(f"render-{self.count}")
        root = stage(target, work / "tree") if needs_stage(target) else target.root
        calls = self._make(f"{work.name}/calls")
        done = self._kustomize(root / Path(target.file).parent, options, calls)
        if done.breach:
            return _breach(target, done, options.limits)
        if done.status:
            return explain(target, relative_paths(done.stderr, calls), root)
        return Rendering(target, done.stdout, calls if target.closure.charts else None)

    def _kustomize(self, folder: Path, options: RenderOptions, calls: Path) -> Completed:
        index = calls / "charts"
        if self._charts:
            self._charts.write_index(index)
        else:
            index.touch()
        environ = {**self._environ, "AGENTSLINT_CALLS": str(calls), "AGENTSLINT_CHARTS": str(index)}
        command = [str(self.programs.kustomize), "build", "--enable-helm", "--helm-command", str(self._shim()), *options.arguments]
        return run([*command, str(folder)], environ=environ, cwd=self.folder / "tmp", limits=options.limits, group=self.group)

    def _shim(self) -> Path:
        """An executable copy: an installed package's files need not be executable."""
        copy = self.folder / "helm"
        with self._lock:
            if not copy.exists():
                copy.write_bytes(SHIM.read_bytes())
                copy.chmod(0o755)
        return copy

    def _make(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def renderer_environment(environ: Mapping[str, str], *, parallel: bool) -> dict[str, str]:
    """Return the environment of a render: no cluster, no helm homes of the user's; proxies and certificates stay.

    The Go runtime's settings change nothing in the output; the user's own ones win.
    """
    kept = {name: value for name, value in environ.items() if name != "KUBECONFIG" and (not name.startswith("HELM_") or name in _KEPT_HELM)}
    speed = {**_FREE_SPEED, **({"GOMAXPROCS": "1"} if parallel else {})}
    return {**speed, **kept}


def open_renderer(programs: Programs, *, cache: Path, parallel: bool, offline: bool) -> Renderer:
    """Return the renderer of a run."""
    return KustomizeRenderer(programs, cache=cache, parallel=parallel, offline=offline)


def _pull_failure(target: Target, chart: HelmChartEntry, error: PullError) -> RenderFailure:
    reason = "offline" if isinstance(error, Offline) else "chart-pull"
    message = str(error) if isinstance(error, Offline) else f"chart {chart.name} {chart.version} could not be pulled from {chart.repo}: {error}"
    return RenderFailure(target, reason, message, chart_entry(chart, target.root))


def _breach(target: Target, done: Completed, limits: Limits) -> RenderFailure:
    words = {
        "timeout": f"rendering took longer than {limits.timeout:g} s and was ended (render.timeout)",
        "memory": f"rendering needed more than {limits.memory >> 20} MiB of memory and was ended (render.memory)",
        "output": f"rendering printed more than {limits.output >> 20} MiB and was ended (render.output)",
    }
    return RenderFailure(target, done.breach, words[done.breach], whole_target(target), done.stderr)
