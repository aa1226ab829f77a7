"""The renderer that stands beside production: the real kustomize and helm, one process a target.

The tree is rendered in place, where kustomize writes nothing; a target whose charts would be pulled is rendered in a staged
copy. The output is byte for byte that of `kustomize build --enable-helm` for the folder.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from agentslint import files, run_folder
from agentslint.access import Access
from agentslint.authorship.deployed_from import named_in
from agentslint.authorship.lines import base_entry, chart_entry, target_failure, target_location, unread_place
from agentslint.children import Profile, release
from agentslint.errors import AgentslintError
from agentslint.model import Base, Certainty, HelmChartEntry, RemoteReference, RenderFailure, Rendering, Target
from agentslint.render.bases import BaseCache, surely_cloned
from agentslint.render.chart_cache import ChartCache
from agentslint.render.deployer_commands import DeployedRender, certainty_of
from agentslint.render.network import NO_NETWORK, wants_network
from agentslint.render.offline import fetches
from agentslint.render.options import Limits, RenderOptions, is_full, no_space
from agentslint.render.process import Completed, ProcessGroup
from agentslint.render.process import run as run_process
from agentslint.render.pull import Pull, PullError
from agentslint.render.renderers import Programs
from agentslint.render.sidecar import printed, read_bases, read_pulls
from agentslint.render.stage import needs_stage
from agentslint.render.staged_copies import Stage, StagedCopies
from agentslint.tools.program_environment import fetch_environment, heap_goal, renderer_environment

SHIM = Path(__file__).with_name("helm-shim.sh")
_GIT_SHIM = Path(__file__).with_name("git-shim.sh")
_BLOCK = 512
"""The unit of `ulimit -f` (POSIX, section 2.14 of Shell and Utilities)."""


class Renderer(Protocol):
    """Renders a target; an implementation may use a persistent process."""

    group: ProcessGroup
    """The processes under way."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes about the renders so far."""

    def render(self, target: Target, options: RenderOptions) -> Rendering | RenderFailure:
        """Render one target; every failure is a value. May be called from several threads."""

    def render_changed(self, target: Target, options: RenderOptions, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of a target, in which the files of `changes` (by path) hold other bytes."""

    @property
    def count(self) -> int:
        """How many renders were made."""

    def stop(self) -> None:
        """End running renders, and those that would start later. Workers may still use the temporary files."""

    def close(self) -> None:
        """Stop, and remove temporary files: no worker is left that could make one again."""


class KustomizeRenderer:
    """Runs `kustomize build` in a controlled environment, with the shim as its helm."""

    def __init__(
        self, programs: Programs, *, cache: Path, parallel: bool, offline: bool, required: bool = False,
        environment: Sequence[str] = (), environ: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.programs = programs
        self.offline = offline
        self.required = required
        self.folder = run_folder.temporary("render")
        self.group = ProcessGroup()
        self.count = 0
        self._copies = StagedCopies(self.folder)
        self._lock = threading.Lock()
        self._notes: set[str] = set()
        try:
            self._furnish(cache, parallel, environment, os.environ if environ is None else environ)
        except BaseException:
            run_folder.remove(self.folder)
            raise

    def _furnish(self, cache: Path, parallel: bool, environment: Sequence[str], users: Mapping[str, str]) -> None:
        """Put the files that the programs need into the run's folder; raises OSError."""
        ours = {"TMPDIR": str(self._make("tmp")), "AGENTSLINT_WORK": str(self.folder)}
        self.environ = renderer_environment(users, parallel=parallel, more=environment) | {
            **ours,
            "AGENTSLINT_HELM": str(self.programs.helm or ""),
            "AGENTSLINT_HELM_VERSION": self.programs.helm_version,
        }
        if self.offline:
            self.environ |= NO_NETWORK
        self._access: dict[str, Access] = {}
        fetching = fetch_environment(users) | ours
        self.charts = ChartCache(cache / "charts", self._make("charts"), str(self.programs.helm), fetching, self.group, self.offline)
        self.environ["AGENTSLINT_CHARTS"] = str(self.charts.index)
        self._bases = BaseCache(cache / "git", self._make("bases"), fetching, self.group, self.offline)
        self.environ["AGENTSLINT_BASES"] = str(self._bases.index)
        self.shim = self._install(SHIM, self.folder / "helm")
        self._git = self._install(_GIT_SHIM, self._make("bin") / "git")
        self.environ["PATH"] = f"{self._git.parent}:{self.environ.get('PATH', os.defpath)}"
        for cached in (self.charts.folder, self._bases.folder):
            # What is not there when the first program starts could not be read later.
            with contextlib.suppress(OSError):
                cached.mkdir(parents=True, exist_ok=True)

    @property
    def notes(self) -> tuple[str, ...]:
        """Names the charts that are not pinned to a version."""
        return tuple(sorted(self._notes))

    def render(self, target: Target, options: RenderOptions) -> Rendering | RenderFailure:
        """Render one target, or say why not."""
        outcome = self.render_changed(target, options, {})
        return _without(target, outcome) if isinstance(outcome, RenderFailure) else outcome

    def render_changed(self, target: Target, options: RenderOptions, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of one target in which some files hold other bytes, or say why not."""
        try:
            return self._refused(target, options) or self._unpulled(target, options.limits) or self._build(target, options, changes)
        except OSError as error:
            message = no_space(self.folder) if is_full(error.strerror or "") else _refusal(error, target.root)
            return target_failure(target, "tool", message)

    def stop(self) -> None:
        """End the processes that are under way, and those that a worker would start later."""
        self.group.stop()
        release(list(self._access.values()))

    def close(self) -> None:
        """Stop, and remove the run's temporary folder: a program that starts later would make it again, and nobody would remove it."""
        try:
            self.stop()
        finally:
            run_folder.remove(self.folder)

    def _refused(self, target: Target, options: RenderOptions) -> RenderFailure | None:
        if fatal := next((unread for unread in target.closure.unread if unread.fatal), None):
            return RenderFailure(target, "unreadable", fatal.message, unread_place(target, fatal))
        if self.programs.kustomize is None or (target.closure.charts and self.programs.helm is None):
            missing = "kustomize" if self.programs.kustomize is None else "helm"
            return target_failure(target, "tool", self.programs.complaint or f"{missing} is missing")
        if options.refused:
            return target_failure(target, "tool", f"render.build-options: {options.refused} cannot be passed on")
        return fetches(target, self._is_kept) if self.offline else None

    def _unpulled(self, target: Target, limits: Limits) -> RenderFailure | None:
        """Provide the charts that are known to be pulled; the failure of one is the failure of the target.

        And the bases that are known to be cloned: where one cannot be had, kustomize will ask for it, if it comes to that.
        """
        for remote in target.closure.remotes:
            if remote.base and (self.offline or surely_cloned(remote)):
                with contextlib.suppress(PullError):
                    self._bases.provide(remote.base, limits)
        for chart in target.closure.charts:
            if chart.repo and not chart.present and not chart.name.startswith("-"):
                failure = self._provide(target, Pull.of(chart), limits, chart)
                if failure:
                    return failure
        return None

    def _provide(self, target: Target, pull: Pull, limits: Limits, chart: HelmChartEntry | None) -> RenderFailure | None:
        where = chart_entry(chart, target.root) if chart else target_location(target)
        try:
            self.charts.provide(pull, limits)
        except PullError as error:
            from agentslint.render.failures.of_program import not_provided

            place = (named_in(target) if chart else None) or where
            return not_provided(target, error, place, certainty=certainty_of(place) if target.deployed else Certainty.EXACT)
        if not pull.pinned:
            self._notes.add(f"{where.path}:{where.region.start_line}: {pull} has no exact version and is pulled anew in each run")
        return None

    def _provide_base(self, target: Target, base: Base, limits: Limits) -> RenderFailure | None:
        try:
            self._bases.provide(base, limits)
        except PullError as error:
            from agentslint.render.failures.of_program import not_provided

            return not_provided(target, error, base_entry(target, base), "base-fetch")
        return None

    def _is_kept(self, remote: RemoteReference) -> bool:
        """Tell whether a remote base can be had without network, and make a note of that."""
        if remote.base is None or not self._bases.holds(remote.base):
            return False
        from agentslint.render.failures.explain import without_secrets

        self._notes.add(without_secrets(f"{remote.kustomization}:{remote.line}: {remote.base} is taken from the cache (--offline)"))
        return True

    def _build(self, target: Target, options: RenderOptions, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        number = self._next_number()
        with self._copies.lent(target) as stage:
            if target.deployed is not None:
                return DeployedRender(self, target, options, changes, stage, number).outcome(target.deployed)
            root = stage.root(changes) if changes or needs_stage(target) else target.root
            return self.build_folder(target, options, root, stage, number)

    def build_folder(
        self, target: Target, options: RenderOptions, root: Path, stage: Stage, number: int, folder: str | None = None
    ) -> Rendering | RenderFailure:
        """Build; where charts or bases are asked for that no file of the repository names, provide them and begin again."""
        stage.is_used_once |= options.starts_programs
        asked: set[Pull | Base] = {Pull.of(chart) for chart in target.closure.charts if chart.repo}
        while True:
            calls = self.folder / f"calls-{number}-{len(asked)}"
            done = self._kustomize(target, root / (Path(target.file).parent if folder is None else folder), options, calls)
            bases = [base for base in read_bases(calls) if base not in asked] if done.status else []
            pulls = [pull for pull in read_pulls(calls) if pull not in asked] if done.status else []
            if not bases and not pulls:
                return self.outcome(target, options, root, calls, done)
            asked.update(bases, pulls)
            for base in bases:
                if failure := self._provide_base(target, base, options.limits):
                    return failure
            for pull in pulls:
                if failure := self._provide(target, pull, options.limits, None):
                    return failure
            if pulls:
                stage.spoil()
                root = stage.root({}) if root == target.root else root

    def outcome(self, target: Target, options: RenderOptions, root: Path, calls: Path, done: Completed) -> Rendering | RenderFailure:
        """Return what a program printed, or why it failed."""
        breach = done.breach or ("output" if done.status and printed(calls) >= options.limits.output else "")
        if not done.status and not breach:
            return Rendering(target, done.stdout, calls if target.closure.charts or target.closure.remotes or target.deployed else None)
        from agentslint.render.failures.of_program import FailedProgram

        return FailedProgram(target, done, root, calls, self.folder, self.offline).failure(options, breach)

    def _kustomize(self, target: Target, folder: Path, options: RenderOptions, calls: Path) -> Completed:
        environ = self.recording(options, calls)
        helm = ["--enable-helm", "--helm-command", str(self.shim)] if options.helm else []
        command = [str(self.programs.kustomize), "build", *helm, *options.arguments, str(folder)]

        def build(profile: Profile) -> Completed:
            return self.run(target, command, environ, options, profile)

        if self.offline:
            return build(Profile.RENDERER)
        done = None if target.closure.remotes else build(Profile.RENDERER)
        # A URL may stand where discovery does not look for one.
        return build(Profile.ONLINE_RENDERER) if done is None or (done.status and wants_network(done.stderr)) else done

    def recording(self, options: RenderOptions, calls: Path) -> dict[str, str]:
        """The environment in which the shim keeps helm's calls."""
        blocks = -(-options.limits.output // _BLOCK)
        own = {"AGENTSLINT_CALLS": str(calls), "AGENTSLINT_BLOCKS": str(blocks)}
        return {**self.environ, **heap_goal(self.environ, options.limits.memory), **own}

    def run(
        self, target: Target, command: Sequence[str], environ: Mapping[str, str], options: RenderOptions, profile: Profile,
        folder: Path | None = None,
    ) -> Completed:  # fmt: skip
        """Run a program for a target, in a folder of ours unless another one is given."""
        silent = profile is Profile.ONLINE_RENDERER
        return run_process(
            command, profile=profile, access=self._on(target), environ=environ, cwd=folder or self.folder / "tmp", limits=options.limits,
            group=self.group, silent=silent,
        )  # fmt: skip

    def _on(self, target: Target) -> Access:
        """The access of a render of the target; without git a target may read files beside the root."""
        top = str(target.root)
        beside = [path for path in sorted(target.closure.files | target.closure.folders) if path.startswith(("../", "/"))]
        read = (str(self.charts.folder), str(self._bases.folder), *(os.path.join(top, path) for path in beside))
        ours = (self.programs.kustomize, self.programs.helm, self.shim, self._git)
        programs = tuple(str(program) for program in ours if program)
        made = Access(top, read, (str(self.folder),), programs, once=bool(beside), required=self.required)
        return made if beside else self._access.setdefault(top, made)

    def _next_number(self) -> int:
        with self._lock:
            self.count += 1
            return self.count

    def _install(self, script: Path, place: Path) -> Path:
        files.write(place, files.read(script))
        place.chmod(0o755)
        return place

    def _make(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _without(target: Target, failure: RenderFailure) -> RenderFailure:
    """Say why something is missing in a render that had to do without a file, where that is what the renderer misses."""
    unread = next((each for each in target.closure.unread if each.why and not each.fatal), None)
    if unread is None or failure.reason != "kustomize" or "no such" not in f"{failure.message}{failure.details}":
        return failure
    return replace(failure, reason="unreadable", message=unread.message, location=unread_place(target, unread))


def _refusal(error: OSError, root: Path) -> str:
    """Say what the system refused: a file of the repository that was to be copied, or the renderer."""
    from agentslint.render.failures.explain import relative_paths

    path = relative_paths(str(error.filename or ""), root)
    if path and not path.startswith("/"):
        return f"{path} cannot be read: {error.strerror}"
    return f"the renderer could not be run: {error.strerror or error}{': ' if path else ''}{path}"


def open_renderer(
    programs: Programs, *, cache: Path, parallel: bool, offline: bool, required: bool = False, environment: Sequence[str] = ()
) -> Renderer:
    """Return the renderer of a run; `environment` names further variables that the programs may see.

    Where it is `required` that the kernel confines it, nothing renders without. Raises AgentslintError.
    """
    try:
        return KustomizeRenderer(programs, cache=cache, parallel=parallel, offline=offline, required=required, environment=environment)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AgentslintError(f"temporary files cannot be written: {reason}; set TMPDIR to a folder with more room") from None
