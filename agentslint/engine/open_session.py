"""Command line and configuration -> a run: root, targets, rules, renderer."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.change.comparison import BaseRequest, Comparison
from agentslint.children import hindrance
from agentslint.config import Loaded
from agentslint.config.closest import closest
from agentslint.config.tree import ON_DISK
from agentslint.deploy.build_options import ArgoBuildOptions
from agentslint.discover import DiscoverConfig, Discovery, discover, find_root
from agentslint.discover.listing import excluder
from agentslint.engine.configuration import load_configuration, plugin_presets
from agentslint.engine.deployed_targets import with_deployments
from agentslint.engine.deployer_objects import kinds_of, mentioning_files
from agentslint.engine.load_restrictor import LoadRestrictor
from agentslint.engine.programs import find_programs
from agentslint.engine.registry import ActiveRule, Registry, load_registry
from agentslint.engine.run_options import RunOptions
from agentslint.engine.schema_paths import schema_files
from agentslint.engine.session import Progress, Session, not_judged
from agentslint.errors import UsageError
from agentslint.experiment.renders import Budget
from agentslint.facts.context import Context
from agentslint.git import worktree
from agentslint.model import Target, TargetKind
from agentslint.policy import Policy, named_baseline, open_policy, refuse
from agentslint.render import Limits, RenderOptions, open_renderer
from agentslint.suppress import FILE, Baseline, read_baseline

_NAME = re.compile(r"[\w*?][\w.*?#@-]*(?:/[\w*?#@.-]+)*")


@contextmanager
def open_session(settings: RunOptions, progress: Progress | None = None) -> Iterator[tuple[Session, Registry]]:
    """Yield the run that `settings` ask for; raises UsageError or PluginError. The renderer is closed at the end."""
    settings = _named(settings)
    policy = _policy(settings)
    try:
        with _prepared(settings, progress, policy) as found:
            yield found
    finally:
        if policy:
            policy.close()


@contextmanager
def _prepared(settings: RunOptions, progress: Progress | None, policy: Policy | None) -> Iterator[tuple[Session, Registry]]:
    start = _start(settings.paths)
    if settings.require_confinement and (why := hindrance(offline=settings.offline, git=True)):
        raise UsageError(f"programs cannot be confined: {why}; leave out --require-confinement, or run where the kernel can")
    loaded = policy.loaded if policy else load_configuration(_config_start(settings), settings.config)
    place = policy.layout.place if policy else _as_it_is
    if settings.untrusted:
        refuse(loaded, find_root(_config_start(settings), loaded.folder), trusted=policy is not None)
    registry = load_registry(loaded, settings.plugins, place)
    rules = registry.activate(loaded, settings.select, settings.ignore)
    root = Path(settings.root) if settings.root else find_root(start, loaded.folder)
    deployers = registry.deployers()
    mentioned = mentioning_files(root, excluder((*loaded.config.exclude, *settings.exclude)), kinds_of(deployers))
    deploys = bool(mentioned or loaded.config.targets)
    if settings.applications and not deploys:
        _start(settings.applications)
    paths = settings.paths or (".",)
    found = _discover(settings, loaded, registry, root, paths, may_be_empty=deploys or settings.compares)
    baseline, counts = _baseline(settings, loaded, policy, root)
    jobs = settings.jobs or _cores()
    comparison = _comparison(settings, loaded, registry, root, found)
    renderer = None
    try:
        compares = settings.compares or any(_about_change(active, loaded) for active in rules)
        deploys = deploys or (compares and comparison.mentions(f"{group}/" for group in kinds_of(deployers)))
        at_base = comparison.targets if compares and not deploys else []
        programs, advice = find_programs(settings.kustomize, settings.helm, loaded, (*found.targets, *at_base), place, all_of_them=deploys)
        found = replace(found, notes=(*found.notes, *advice, *counts))
        renderer = open_renderer(
            programs, cache=cache_folder(), parallel=min(jobs, len(found.targets)) > 1, offline=settings.offline,
            required=settings.require_confinement, environment=loaded.config.render.environment,
        )  # fmt: skip
        repository = _repository(settings, loaded, root, found)
        context = Context(
            _image_fields(registry), loaded.config, jobs, renderer.stop,
            repository=repository, schema_files=schema_files(loaded, root), untrusted=settings.untrusted,
        )  # fmt: skip
        options = TargetRenderOptions(loaded)
        plain = Session(
            root, found, rules, context, loaded, renderer, options.for_target, jobs, read_target, _render_hook(registry),
            trace=settings.trace, budget=Budget(settings.trace_timeout), known_rules=registry.rules,
            baseline=baseline, policy=policy, repository=repository,
            comparison=comparison, whole=_is_whole(settings, loaded, root),
            restrictor=LoadRestrictor(_argo(settings, loaded, policy, root)),
        )  # fmt: skip
        session = with_deployments(plain, settings, mentioned, programs.helm, deployers) if deploys else plain
        _check_applications(settings, session)
        comparison = session.comparison or comparison
        if not (_has_something(session) or settings.nothing_passes or (settings.compares and comparison.targets)):
            _discover(settings, loaded, registry, root, paths)
        yield replace(session, progress=progress) if progress else session, registry
    finally:
        if renderer:
            renderer.close()
        comparison.close()


def _argo(settings: RunOptions, loaded: Loaded, policy: Policy | None, root: Path) -> ArgoBuildOptions:
    return ArgoBuildOptions(excluder((*loaded.config.exclude, *settings.exclude)), _trust(settings, policy, root))


def _trust(settings: RunOptions, policy: Policy | None, root: Path) -> Callable[[str, bytes], bool]:
    """Return the check whether a file may lift the load restrictor: in an untrusted tree only if it is unchanged since the commit."""

    def is_trusted(path: str, data: bytes) -> bool:
        if not settings.untrusted:
            return True
        inside = policy.tree.inside(root / path) if policy else None
        try:
            return policy is not None and inside is not None and policy.tree.content(inside, files.MANIFEST) == data
        except OSError:
            return False

    return is_trusted


class TargetRenderOptions(Struct, frozen=True):
    """The `[render]` table with its exceptions."""

    loaded: Loaded

    def for_target(self, target: Target) -> RenderOptions:
        """Return the render options of one target: later `[[render.for]]` tables override earlier ones."""
        render = self.loaded.config.render
        tables = [render, *(table for table in render.for_ if target.is_named(table.targets))]
        said = {name: value for table in tables for name in _RENDER_KEYS if (value := getattr(table, name)) is not None}
        default = Limits()
        return RenderOptions(
            build_options=tuple(said.get("build_options", ())),
            kube_version=said.get("kube_version", ""),
            api_versions=tuple(said.get("api_versions", ())),
            limits=Limits(
                said.get("timeout", default.timeout),
                said.get("memory", default.memory >> 20) << 20,
                said.get("output", default.output >> 20) << 20,
            ),
        )


_RENDER_KEYS = ("build_options", "kube_version", "api_versions", "timeout", "memory", "output")


def read_target(target: Target) -> bytes:
    """Return the bytes of a manifest file or of standard input, at most 256 MiB; raises OSError."""
    if target.kind is TargetKind.STREAM:
        return _read(sys.stdin.buffer)
    return files.read_in(target.root, target.file)


def _read(file: BinaryIO) -> bytes:
    """Read in pieces: a read of the limit's size would reserve that much for a small file, too."""
    data = bytearray()
    while piece := file.read(1 << 20):
        data += piece
        if len(data) > files.MANIFEST:
            raise OSError(errno.EFBIG, f"it is larger than {files.MANIFEST >> 20} MiB")
    return bytes(data)


def _named(settings: RunOptions) -> RunOptions:
    """Tell the names of applications from the paths: they look like names, and no file is called so.

    Outside of a repository there are none: for a misspelt path nobody wants a whole disk to be read.
    """
    names = tuple(path for path in settings.paths if _NAME.fullmatch(path) and not os.path.lexists(path))
    if not names or worktree.toplevel(os.getcwd()) is None:
        return settings
    paths = tuple(path for path in settings.paths if path not in names)
    return replace(settings, paths=paths, applications=(*settings.applications, *names))


def _check_applications(settings: RunOptions, session: Session) -> None:
    """Raise UsageError for a name that no application has, and where none of the named ones is judged."""
    listed = session.deployments.listed
    for name in settings.applications:
        if not any(row.is_named(name) for row in listed):
            near = closest(name, sorted({row.application.id for row in listed}))
            raise UsageError(f"{name}: there is no such file, folder or application{f'; did you mean {near}?' if near else _beside(name)}")
    if settings.applications and not (_has_something(session) or settings.lists):
        raise UsageError("; ".join(not_judged(session)))


def _has_something(session: Session) -> bool:
    """Tell whether a run has a target, or a failure or a problem to report."""
    found = session.discovery
    return bool(found.targets or found.failures) or any(row.problem for row in session.deployments.selected)


def _start(paths: Sequence[str]) -> Path:
    """The folder from which configuration and root are looked for: that of the first path."""
    first = next((path for path in paths if path != "-"), ".")
    path = Path(first).absolute()
    for each in (first, *paths):
        if each != "-" and not os.path.lexists(each):
            raise UsageError(f"{each}: there is no such file or folder{_beside(each)}")
    for each in paths:
        # A file that is a link itself is read as its repository's, and refused there.
        folder = each if os.path.isdir(each) else os.path.dirname(each) or os.curdir
        if each != "-" and (stray := files.stray_link(folder)):
            raise UsageError(f"{each}: {stray[0]} is a link out of the repository, to {stray[1]}; name that folder itself to lint it")
    return path if path.is_dir() else path.parent


def _beside(path: str) -> str:
    """The name in the same folder that was probably meant."""
    folder, name = os.path.split(path.rstrip("/"))
    try:
        near = closest(name, os.listdir(folder or os.curdir))
    except OSError:
        return ""
    return f"; did you mean {os.path.join(folder, near)}?" if near else ""


def _discover(
    settings: RunOptions, loaded: Loaded, registry: Registry, root: Path, paths: Sequence[str], *, may_be_empty: bool = False
) -> Discovery:
    config = DiscoverConfig(exclude=(*loaded.config.exclude, *settings.exclude))
    found = discover(
        paths, root=root, config=config, all_kustomizations=settings.all, stdin_name=settings.stdin_name,
        nothing_passes=settings.nothing_passes, may_be_empty=may_be_empty,
    )  # fmt: skip
    offered = [target for targets in registry.manager.hook.agentslint_discover(root=root, config=loaded.config) for target in targets]
    return replace(found, targets=(*found.targets, *offered))


def _comparison(settings: RunOptions, loaded: Loaded, registry: Registry, root: Path, found: Discovery) -> Comparison:
    def targets(where: Path, paths: Sequence[str]) -> Sequence[Target]:
        return _discover(settings, loaded, registry, where, paths).targets

    request = BaseRequest(settings.base, os.environ, by_default=settings.compares)
    return Comparison(request, root, found.targets, settings.paths or (".",), targets, loaded.folder or root, network=not settings.offline)


def _about_change(active: ActiveRule, loaded: Loaded) -> bool:
    return "check_change" in active.scopes and active.rule.wants_change(loaded.config)


def _repository(settings: RunOptions, loaded: Loaded, root: Path, found: Discovery) -> Callable[[], Sequence[Target]]:
    """A function that finds all targets of the repository, once, on first use; those of the run if it covers the root."""
    if any(path != "-" and Path(path).resolve() == root.resolve() for path in settings.paths):
        return lambda: found.targets

    @cache
    def targets() -> Sequence[Target]:
        try:
            return discover([str(root)], root=root, config=DiscoverConfig(exclude=loaded.config.exclude)).targets
        except UsageError:
            return found.targets

    return targets


def _is_whole(settings: RunOptions, loaded: Loaded, root: Path) -> bool:
    """Tell whether a run looks at the whole folder of its configuration, and below it."""
    top, folder = root.resolve(), loaded.folder and loaded.folder.resolve()
    top = folder if folder and folder.is_relative_to(top) else top
    return not settings.exclude and any(path != "-" and top.is_relative_to(Path(path).resolve()) for path in settings.paths)


def _baseline(settings: RunOptions, loaded: Loaded, policy: Policy | None, root: Path) -> tuple[Baseline | None, tuple[str, ...]]:
    """Return the baseline that is named, else the one in its usual place, where it is said that it counts."""
    tree = policy.tree if policy else ON_DISK
    if settings.baseline is None:
        named = named_baseline(loaded, find_root(_config_start(settings), loaded.folder), at_commit=policy is not None)
    else:
        named = Path(settings.baseline) if settings.baseline else None
    usual = (loaded.folder or root) / FILE
    unsaid = settings.baseline is None and loaded.config.baseline is None
    found = unsaid and tree.exists(usual) and not files.stray_link(usual)
    path = usual if found else named
    if policy and unsaid:
        policy.baseline = usual
    if path is None:
        return None, ()
    if policy:
        policy.baseline = path
    baseline = read_baseline(path, tree)
    if not found:
        return baseline, ()
    name = tree.shown(path) if policy else os.path.relpath(path)
    return baseline, (f"findings that {name} lists do not fail the run (--baseline '' counts all)",)


def _policy(settings: RunOptions) -> Policy | None:
    if settings.policy_from is None:
        return None
    start = _config_start(settings)
    return open_policy(start, find_root(start), settings.policy_from, settings.config, network=not settings.offline, presets=plugin_presets)


def _config_start(settings: RunOptions) -> Path:
    return _start([settings.config_from] if settings.config_from else settings.paths)


def _as_it_is(path: Path) -> Path:
    return path


def relative_to_root(root: Path, path: str) -> str:
    """Return a path of the command line as the repository has it; raises UsageError for one that lies outside."""
    full = Path(path).resolve()
    if not full.is_relative_to(root.resolve()):
        raise UsageError(f"{path} lies outside of {root}")
    return full.relative_to(root.resolve()).as_posix()


def _render_hook(registry: Registry) -> Callable[[Target], str | None] | None:
    """The plugins' renderer, if any plugin has one."""
    hook = registry.manager.hook.agentslint_render
    return (lambda target: hook(target=target)) if hook.get_hookimpls() else None


def _image_fields(registry: Registry) -> Any:
    from agentslint.images import BUILTIN, ImageFields

    return ImageFields((*registry.image_fields, *BUILTIN))


def cache_folder() -> Path:
    """Return the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("agentslint", appauthor=False)


def _cores() -> int:
    """The cores that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
