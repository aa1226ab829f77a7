"""The applications of the repository's deployers, and the targets that they make of its folders.

Deployers' objects are read from the whole repository, whatever is linted: from the rendering of a target where one reads their file,
else from the file. What they deploy may render further objects, which are read in turn, until there are none.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agentslint import files
from agentslint.deploy.argo import application_of, is_application, listed_sources, sources_of
from agentslint.deploy.deployer_object import Body, DeployerObject, objects_in
from agentslint.deploy.here import Here, all_named
from agentslint.deploy.listed import ListedSet, ListedSource
from agentslint.discover import Discovery
from agentslint.discover.repository import Repository
from agentslint.facts.stream import read_manifests
from agentslint.model import (
    Field,
    Location,
    Manifest,
    Pointer,
    RenderFailure,
    Rendering,
    Target,
    TargetKind,
)
from agentslint.model.application import Changes, RecipeError
from agentslint.model.skipped import SkippedKind
from agentslint.yamlread import YamlError

GROUPS = ("argoproj.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")
_MENTIONED = re.compile(rb"argoproj\.io/|toolkit\.fluxcd\.io/")
_KIND = re.compile(rb"\b(?:Application|ApplicationSet|Kustomization|HelmRelease)\b")
_ENDINGS = (".yaml", ".yml", ".json")
_WAVES = 10
"""How deep applications may be made by applications."""

Render = Callable[[Target], Rendering | RenderFailure]
RenderChanged = Callable[[Target, Changes], Rendering | RenderFailure]
Place = Callable[[Field], Location]


@dataclass(frozen=True)
class Deployments:
    """All sources of applications, as they are listed, and the targets that are judged."""

    listed: tuple[ListedSource, ...] = ()
    selected: tuple[ListedSource, ...] = ()
    """Those that the paths of the run stand for."""
    notes: tuple[str, ...] = ()
    sets: tuple[ListedSet, ...] = ()
    """The objects that make applications."""

    @property
    def targets(self) -> list[Target]:
        """The judged ones, each once: two objects of one name are two sources of one name."""
        found: dict[str, Target] = {}
        for each in self.listed:
            if each.target:
                found.setdefault(each.target.name, each.target)
        return list(found.values())

    @property
    def files(self) -> frozenset[str]:
        """The files with the objects that the paths of the run stand for."""
        places = (*(each.application.location for each in self.selected), *(each.location for each in self.sets))
        return frozenset(place.path for place in places if place)

    @property
    def covered(self) -> frozenset[str]:
        """The paths of bare targets in whose place others are judged."""
        return frozenset[str]().union(*(each.covers for each in self.listed if each.is_judged))


def mentioning_files(root: Path, excluded: Callable[[str], bool]) -> list[str]:
    """Return the files of the repository that may hold objects of deployers."""
    paths = (path for path in Repository(root).files("") if path.endswith(_ENDINGS) and not excluded(path))
    return [path for path in paths if _mentions(root, path)]


def _mentions(root: Path, path: str) -> bool:
    try:
        data = files.read_in(root, path)
    except OSError:
        return False
    return bool(_MENTIONED.search(data) and _KIND.search(data))


@dataclass
class ReadDeployments:
    """Reads the objects in `mentioned` files, and those that come out of renders; `bare` are the targets of the whole repository."""

    here: Here
    mentioned: Sequence[str]
    bare: Sequence[Target]
    render: Render
    render_changed: RenderChanged
    place: Place
    _seen: set[str] = field(default_factory=set)

    def read(self) -> Deployments:
        """Read all of them, wave by wave."""
        waiting = [*self._in_files()]
        listed: list[ListedSource] = []
        for wave in range(_WAVES):
            self.here.named = (*self.here.named, *all_named(source for found in waiting for source in _sources(found)))
            new = told_apart(listed, [row for found in waiting for row in self._listed(found)])
            listed += new
            made = [row.target for row in new if row.target and self._makes_objects(row.target)]
            waiting = [found for target in made for found in self._of_target(target)]
            if not waiting or wave == _WAVES - 1:
                break
        return Deployments(tuple(listed), notes=(self.here.note,) if self.here.note else ())

    def _in_files(self) -> Iterator[DeployerObject]:
        """The objects in the files: what a target reads is taken from its rendering."""
        carriers: dict[str, Target] = {}
        left = []
        for path in self.mentioned:
            readers = [target for target in self.bare if target.kind is TargetKind.KUSTOMIZATION and target.closure.reads(path)]
            carriers.update((target.name, target) for target in readers)
            if not readers:
                left.append(path)
        for target in carriers.values():
            found = list(self._of_target(target))
            if not found:
                left += [path for path in self.mentioned if target.closure.reads(path)]
            yield from found
        for path in dict.fromkeys(left):
            yield from self._of_file(path)

    def _of_file(self, path: str) -> Iterator[DeployerObject]:
        try:
            found = objects_in(self.here.root, path, files.read_in(self.here.root, path))
        except (OSError, YamlError):
            return
        for each in found:
            if each.group in GROUPS:
                yield each

    def _makes_objects(self, target: Target) -> bool:
        """Whether any file of a target may hold objects of deployers beside those that deploy itself."""
        own = target.deployed.deployer_files if target.deployed else frozenset()
        return any(path not in own and target.closure.reads(path) for path in self.mentioned)

    def _of_target(self, target: Target) -> Iterator[DeployerObject]:
        """The objects that a target renders; none where it does not render."""
        outcome = self.render(target)
        if isinstance(outcome, RenderFailure):
            return
        for manifest in read_manifests(outcome, lambda kind: True).manifests:
            if manifest.group in GROUPS and isinstance(manifest.body, Mapping) and target.name + manifest.resource not in self._seen:
                yield self._object(target, manifest)

    def _object(self, target: Target, manifest: Manifest) -> DeployerObject:
        def read(changes: Changes) -> Body:
            mine = {path: data for path, data in changes.items() if target.closure.reads(path)}
            return self._changed(target, manifest, mine) if mine else manifest.body

        def place(pointer: Pointer) -> Location:
            while pointer and manifest.at(pointer) is None:
                pointer = pointer[:-1]
            return self.place(Field(manifest, pointer))

        return DeployerObject(manifest.body, place(("metadata", "name")), read, target.closure, place, manifest)

    def _changed(self, target: Target, manifest: Manifest, changes: Changes) -> Body:
        outcome = self.render_changed(target, changes)
        if isinstance(outcome, RenderFailure):
            raise RecipeError(outcome.message, outcome.location)
        for each in read_manifests(outcome, lambda kind: kind == manifest.kind).manifests:
            if (each.group, each.name, each.namespace) == (manifest.group, manifest.name, manifest.namespace):
                body: Body = each.body
                return body
        raise RecipeError(f"{manifest.resource} is not rendered any more")

    def _listed(self, found: DeployerObject) -> list[ListedSource]:
        if is_application(found):
            return listed_sources(found, application_of(found), self.here)
        return []


def told_apart(known: Iterable[ListedSource], new: Iterable[ListedSource]) -> list[ListedSource]:
    """Give targets of one name names of their own: two installations of Argo CD may each have an application of that name."""
    taken = {row.target.name: row.home for row in known if row.target}
    found = []
    for row in new:
        target = row.target
        if target and taken.setdefault(target.name, row.home) != row.home:
            target = dataclasses.replace(target, name=f"{target.name}@{row.home or '.'}")
            taken.setdefault(target.name, row.home)
        found.append(dataclasses.replace(row, target=target))
    return found


def _sources(found: DeployerObject) -> Iterable[Mapping[str, object]]:
    return sources_of(found.body) if is_application(found) else ()


def expanded(discovery: Discovery, deployments: Deployments, paths: Sequence[str]) -> Discovery:
    """Return the targets of a run with the judged sources in the place of bare folders; `paths` are those of the run, from the root."""
    chosen = [target for target in deployments.targets if any(_is_selected(target, path) for path in paths)]
    kept = [target for target in discovery.targets if target.deployed is not None or target.name not in deployments.covered]
    closures = [target.closure for target in deployments.targets]
    left = [
        each
        for each in discovery.skipped
        if each.kind not in (SkippedKind.CHART, SkippedKind.MANIFEST)
        or not any(closure.reads(each.name if each.kind is SkippedKind.MANIFEST else f"{each.name}/Chart.yaml") for closure in closures)
    ]
    targets = sorted((*kept, *chosen), key=lambda target: target.name)
    return dataclasses.replace(discovery, targets=tuple(targets), skipped=tuple(left), notes=(*discovery.notes, *deployments.notes))


def selected(listed: Sequence[ListedSource], paths: Sequence[str]) -> tuple[ListedSource, ...]:
    """Return the sources that paths of the command line stand for: by their folder, their deployer's file, or a file that they read."""
    return tuple(row for row in listed if any(_is_row_selected(row, path) for path in paths))


def _is_row_selected(row: ListedSource, path: str) -> bool:
    if row.target:
        return _is_selected(row.target, path)
    where = row.application.location.path if row.application.location else ""
    return path in ("", ".") or any(f"{each}/".startswith(f"{path}/") for each in (where, row.path) if each)


def _is_selected(target: Target, path: str) -> bool:
    if path in ("", "."):
        return True
    deployed = target.deployed
    own = (target.path, *(deployed.deployer_files if deployed else ()))
    return any(f"{each}/".startswith(f"{path}/") for each in own if each) or (
        not os.path.isdir(target.root / path) and target.closure.reads(path)
    )
