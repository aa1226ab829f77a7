"""The deployments of the repository's deployers: those that nothing here renders, and their overrides of a rendering."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from agentslint import files
from agentslint.deploy.listed import ListedSource
from agentslint.deploy.rancher import FLEET, HELM, rancher_deployments
from agentslint.discover.listing import is_source_file
from agentslint.engine.rendered_here import RenderedHere
from agentslint.engine.session import Session
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Closure, Failure, Location, Manifest, Place, Region, Rendering, Target, TargetKind
from agentslint.model.skipped import Skipped, SkippedKind
from agentslint.paths import parent
from agentslint.trace import Tracers
from agentslint.trace.provenance import place_of
from agentslint.yamlread import YamlError, compose, value

_GROUPS = (HELM, FLEET)
_MAY_DEPLOY = re.compile(rb"\.cattle\.io")
_VARIABLE = re.compile(rb"\$\{#?(\w+)")
_KINDS = {
    "HelmRelease": SkippedKind.HELM_RELEASE,
    "Kustomization": SkippedKind.FLUX_KUSTOMIZATION,
    "HelmChart": SkippedKind.HELM_CHART,
    "HelmOp": SkippedKind.HELM_OP,
    "Bundle": SkippedKind.BUNDLE,
    "GitRepo": SkippedKind.GIT_REPO,
}
_EACH = 5
"""The most that are listed one by one."""


class Deployed:
    """Reads all deployers' objects: those in rendered output, and those in files that no kustomization reads."""

    def __init__(self, session: Session, fleet: Sequence[RenderedTarget], tracers: Tracers, told: Collection[Place] = frozenset()) -> None:
        self._session = session
        self._told = told
        self._tracers = tracers
        self._fleet = fleet
        rendered = (manifest for each in fleet for manifest in each.manifests if manifest.group in _GROUPS)
        manifests = (*rendered, *(manifest for path in self._unread() for manifest in self._manifests(path)))
        self.listed = session.deployments.selected
        self.deployments = [found for manifest in manifests for found in rancher_deployments(manifest)]

    @property
    def failures(self) -> list[Failure]:
        """Overrides of a rendering that are not read: the deployed manifests were not checked."""
        refused = _first(list(self._problems()), "more sources are not judged")
        return [*refused, *_first(list(self._source_files()), "more files override what Argo CD deploys")]

    @property
    def skipped(self) -> list[Skipped]:
        """The deployers' objects whose chart or folder nothing in the repository renders, each once."""
        limited = (each for each in self._limited() if each.problem is None)
        said = (Skipped(_kind(each.application.kind), f"{each.application.kind}/{each.application.name}", each.reason) for each in limited)
        mine = [*said, *self._unfilled()]
        if not self.deployments:
            return list(dict.fromkeys(mine))
        is_rendered = RenderedHere(self._session.root, (*self._session.discovery.targets, *self._session.repository()))
        found = ((each, is_rendered.repository(each)) for each in self.deployments if not is_rendered(each))
        named = ((each, f"{each.title} of {other}" if other else each.title) for each, other in found)
        others = (Skipped(_kind(each.manifest.kind), each.manifest.resource, title) for each, title in named)
        return list(dict.fromkeys((*mine, *others)))

    def _limited(self) -> list[ListedSource]:
        """The sources that a limit of ours keeps from being judged. Where none at all is judged, those that are switched off count, too."""
        everything = self._session.deployments.listed
        if not any(each.is_judged for each in everything):
            return self._left() or list(everything)
        return [each for each in self._left() if each.application.enabled]

    def _unfilled(self) -> Iterator[Skipped]:
        """The variables that something outside of the repository fills in."""
        for each in self._fleet:
            deployed = each.target.deployed
            if deployed is None or not deployed.outside or each.rendering is None:
                continue
            who = f"{', '.join(deployed.outside)} of {deployed.application.kind}/{deployed.application.name}"
            for name in dict.fromkeys(_VARIABLE.findall(each.rendering.stream)):
                yield Skipped(SkippedKind.VARIABLE, f"${{{name.decode()}}}", who)

    def _left(self) -> list[ListedSource]:
        return [each for each in self.listed if not each.is_judged]

    def _problems(self) -> Iterator[Failure]:
        """Sources that nobody judges, unless a finding says why."""
        require = self._session.loaded.config.deploy.require_judged
        for each in self._left():
            who = f"{each.application.kind}/{each.application.name}"
            if each.problem:
                if each.problem.place not in self._told:
                    where = place_of(each.problem.place, self._tracers).location
                    yield Failure(f"{who}: {each.problem.message}", each.application.id, location=where)
            elif require and each.application.enabled:
                yield Failure(f"{who} is not judged: {each.reason}", each.application.id, location=each.application.location)

        for skipped in self._unfilled() if require else ():
            yield Failure(f"{skipped.name} is not filled in: it is set by {skipped.reason}")
        for found in self._session.deployments.sets:
            for fault in found.faults:
                if fault.place not in self._told:
                    where = place_of(fault.place, self._tracers).location
                    yield Failure(f"{found.kind}/{found.name}: {fault.message}", f"{found.namespace}/{found.name}", location=where)

    def _source_files(self) -> Iterator[Failure]:
        """Argo CD reads `.argocd-source.yaml` and `.argocd-source-NAME.yaml` in the folder that it deploys."""
        beside = (path for target in self._session.discovery.targets for path in _beside(self._session.root, target))
        applied = {
            path
            for each in self._session.deployments.listed
            if each.target and each.target.deployed
            for path in each.target.deployed.deployer_files
        }
        refused = {each.path for each in self._session.deployments.listed if each.problem}
        for path in dict.fromkeys((*self._session.discovery.source_files, *beside)):
            if path in applied or (parent(path) or ".") in refused:
                continue
            yield from self._source_file(path)

    def _source_file(self, path: str) -> Iterator[Failure]:
        """A file that no judged application takes: of a folder that only some other repository's Application deploys, or of no one."""
        where, folder = Location(path, Region(1, 1, 1, 2)), parent(path) or "."
        try:
            body = next(map(value, compose(files.read_in(self._session.root, path), path, duplicate_keys=True)), None)
        except (OSError, YamlError) as error:
            yield Failure(f"{path} cannot be read: {error}", path, location=where)
            return
        named = (each.application for each in self._session.deployments.listed if each.path == folder)
        own = next((each for each in named if posixpath.basename(path) == f".argocd-source-{each.name}.yaml"), None)
        if body and own:
            wanted = f".argocd-source-{own.namespace}_{own.name}.yaml"
            mend = f"rename it, or set argocd-namespace in [deploy] if Argo CD runs in {own.namespace}"
            yield Failure(
                f"{path} is not read, as Argo CD looks for {wanted} in another namespace than its own: {mend}", folder, location=where
            )
        elif body:
            said = f"{path} overrides what Argo CD deploys from {folder}, and no Application that is judged takes it"
            yield Failure(f"{said}: name its Application, or remove it", folder, location=where)

    def _unread(self) -> Iterator[str]:
        return (each.name for each in self._session.discovery.skipped if each.kind is SkippedKind.MANIFEST)

    def _manifests(self, path: str) -> Iterable[Manifest]:
        try:
            data = files.read_in(self._session.root, path)
        except OSError:
            return ()
        if not _MAY_DEPLOY.search(data):
            return ()
        target = Target(path, TargetKind.MANIFESTS, self._session.root, path, Closure(files=frozenset((path,))))
        return (each for each in read_manifests(Rendering(target, data), lambda kind: True).manifests if each.group in _GROUPS)


def _first(failures: list[Failure], noun: str) -> list[Failure]:
    """The first failures, and the number of the others with their files."""
    left = len(failures) - _EACH
    if left <= 0:
        return failures
    paths = dict.fromkeys(failure.location.path for failure in failures[_EACH:] if failure.location)
    return [*failures[:_EACH], Failure(f"{left} {noun}: {', '.join(paths)}")]


def _kind(kind: str) -> SkippedKind:
    return _KINDS.get(kind, SkippedKind.APPLICATION)


def _beside(root: Path, target: Target) -> Iterator[str]:
    if target.kind is not TargetKind.KUSTOMIZATION:
        return
    folder = parent(target.file)
    try:
        names = sorted(os.listdir(root / folder))
    except OSError:
        return
    yield from (f"{folder}/{name}" if folder else name for name in names if is_source_file(name))
