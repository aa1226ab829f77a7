"""Reads the objects of deployers: from the rendering of a target that holds them, else from their file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.deploy.deployer import Deployer
from agentslint.deploy.deployer_object import Body, DeployerObject, objects_in
from agentslint.discover.manifest_files import SUFFIXES
from agentslint.discover.repository import Repository
from agentslint.experiment.renders import Renders
from agentslint.facts.stream import read_manifests
from agentslint.model import Closure, Failure, Field, Location, Manifest, Pointer, Region, RenderFailure, Rendering, Target, TargetKind
from agentslint.model.application import Changes, RecipeError
from agentslint.model.manifest import DATA_KINDS
from agentslint.yamlread import YamlError

_GENERATOR = re.compile(rb"\b(?:configMap|secret)Generator\b")

RenderTarget = Callable[[Target], Rendering | RenderFailure]
Locate = Callable[[Field], Location]
Kinds = Mapping[str, frozenset[str]]


def kinds_of(deployers: Iterable[Deployer]) -> dict[str, frozenset[str]]:
    """Return the kinds that deployers read, by API group."""
    found: dict[str, frozenset[str]] = {}
    for deployer in deployers:
        for group, kinds in deployer.kinds.items():
            found[group] = found.get(group, frozenset()) | kinds
    return found


def mentioning_files(root: Path, excluded: Callable[[str], bool], kinds: Kinds) -> list[str]:
    """Return the files of the repository that may hold objects of deployers."""
    groups = re.compile("|".join(f"{re.escape(group)}/" for group in kinds).encode())
    words = re.compile(rf"\b(?:{'|'.join(sorted(frozenset[str]().union(*kinds.values())))})\b".encode())
    paths = (path for path in Repository(root).files("") if path.endswith(SUFFIXES) and not excluded(path))
    return [path for path in paths if _mentions(root, path, groups, words)]


def _read_of(paths: frozenset[str], closure: Closure) -> frozenset[str]:
    """Return the paths that a closure reads: of many paths, and for many closures."""
    in_folders = (path for path in paths if closure.reads(path)) if closure.folders else ()
    return (paths & closure.files).union(in_folders)


def _mentions(root: Path, path: str, *wanted: re.Pattern[bytes]) -> bool:
    data = _contents(root, path)
    return all(each.search(data) for each in wanted)


def _contents(root: Path, path: str) -> bytes:
    try:
        return files.read_in(root, path)
    except OSError:
        return b""


class ObjectReader(Struct, dict=True):
    """Reads objects of some `kinds` in the `mentioned` files, and those that come out of renders; `bare` are all targets of the tree."""

    root: Path
    kinds: Kinds
    mentioned: Sequence[str]
    bare: Sequence[Target]
    render: RenderTarget
    renders_of: Callable[[Target], Renders]
    place: Locate
    failures: list[Failure] = []
    """The files and renderings that could not be read."""

    def in_files(self, paths: Sequence[str]) -> Iterator[tuple[DeployerObject, str]]:
        """Yield the objects in some files, each with its file, or with the name of the bare target that renders it."""
        carriers: dict[str, Target] = {}
        left = []
        readers_of: dict[str, list[Target]] = {}
        for target in self.bare:
            for path in _read_of(frozenset(paths), target.closure) if target.kind is TargetKind.KUSTOMIZATION else ():
                readers_of.setdefault(path, []).append(target)
        for path in paths:
            readers = readers_of.get(path, [])
            carriers.update((target.name, target) for target in readers)
            if not readers:
                left.append(path)
        for target in carriers.values():
            found = self.rendered(target)
            if found is None:
                left += [path for path in paths if target.closure.reads(path)]
            yield from ((each, target.name) for each in found or ())
        for path in dict.fromkeys(left):
            yield from ((each, path) for each in self._of_file(path))

    def data(self, kind: str, name: str, taken: Collection[str] = ()) -> Iterator[DeployerObject]:
        """Yield the ConfigMaps or Secrets of a name, wherever the repository holds one, but for files and bare targets in `taken`."""
        wanted = replace(self, kinds={"": frozenset((kind,))}, failures=[], bare=[each for each in self.bare if each.name not in taken])
        paths = [path for path in self._holding(kind, name) if path not in taken]
        yield from (each for each, _ in wanted.in_files(paths) if each.name == name)

    def carriers(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the files that may hold a ConfigMap or Secret of a name, and the names of the bare targets that read one of them."""
        if (kind, name) not in self._carriers:
            paths = self._holding(kind, name)
            readers = (target for target in self.bare if target.kind is TargetKind.KUSTOMIZATION)
            names = (target.name for target in readers if paths and _read_of(frozenset(paths), target.closure))
            self._carriers[kind, name] = (*paths, *names)
        return self._carriers[kind, name]

    def rendered_data(self, target: Target) -> list[DeployerObject] | None:
        """Return the ConfigMaps and Secrets that a target renders; None where it does not render."""
        return replace(self, kinds={"": frozenset(DATA_KINDS)}, failures=[]).rendered(target)

    def contents(self, path: str) -> bytes:
        """Return the bytes of a file, none where it cannot be read."""
        return _contents(self.root, path)

    def _holding(self, kind: str, name: str) -> list[str]:
        """The files with an object of this kind and name, and those that may generate one, or that nobody can read as they are."""
        word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)".encode())
        return [path for path, data in self._holding_data.items() if word.search(data) and self._may_hold(path, data, kind, name)]

    def _may_hold(self, path: str, data: bytes, kind: str, name: str) -> bool:
        if path not in self._named:
            try:
                found = objects_in(self.root, path, data) if not _GENERATOR.search(data) else None
            except YamlError:
                found = None
            self._named[path] = None if found is None else {(each.kind, each.name) for each in found}
        named = self._named[path]
        return named is None or (kind, name) in named

    @cached_property
    def _named(self) -> dict[str, set[tuple[str, str]] | None]:
        """Kind and name of the objects in a file, None where nobody can tell them."""
        return {}

    @cached_property
    def _carriers(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {}

    @cached_property
    def _holding_data(self) -> dict[str, bytes]:
        """The files that may hold ConfigMaps or Secrets, with what is in them."""
        word = re.compile(rb"\b(?:ConfigMap|Secret|configMapGenerator|secretGenerator)\b")
        paths = (path for path in Repository(self.root).files("") if path.endswith(SUFFIXES))
        return {path: data for path in paths if word.search(data := self.contents(path))}

    def makes_objects(self, target: Target) -> bool:
        """Tell whether any file of a target may hold objects of deployers beside those that deploy itself."""
        own = target.deployed.not_deployed if target.deployed else frozenset()
        return not _read_of(self._mentioned, target.closure) <= own

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        return frozenset(self.mentioned)

    def rendered(self, target: Target, above: tuple[str, ...] = ()) -> list[DeployerObject] | None:
        """Return the objects that a target renders; None where it does not render."""
        outcome = self.render(target)
        if isinstance(outcome, RenderFailure):
            self.failures.append(Failure(outcome.message, target.name, location=outcome.location))
            return None
        wanted = frozenset[str]().union(*self.kinds.values())
        manifests = read_manifests(outcome, wanted.__contains__).manifests
        return [self._object(target, each, above) for each in manifests if self._is_wanted(each)]

    def _is_wanted(self, found: Manifest | DeployerObject) -> bool:
        return found.kind in self.kinds.get(found.group, ()) and isinstance(found.body, Mapping)

    def _of_file(self, path: str) -> list[DeployerObject]:
        try:
            found = objects_in(self.root, path, files.read_in(self.root, path))
        except (OSError, YamlError) as error:
            self._unread(path, error)
            return []
        return [each for each in found if self._is_wanted(each)]

    def _unread(self, path: str, error: OSError | YamlError) -> None:
        """Keep a file of manifests that cannot be read; others that cannot (a chart's templates) hold no objects themselves."""
        if any(target.kind is TargetKind.MANIFESTS and target.file == path for target in self.bare):
            line, reason = (error.line, error.message) if isinstance(error, YamlError) else (1, error.strerror or str(error))
            where = Location(path, Region(line, 1, line, 2))
            self.failures.append(Failure(f"its applications are not known, as it cannot be read: {reason}", path, location=where))

    def _object(self, target: Target, manifest: Manifest, above: tuple[str, ...]) -> DeployerObject:
        def read(changes: Changes) -> Body:
            mine = {path: data for path, data in changes.items() if target.closure.reads(path)}
            return self._changed(target, manifest, mine) if mine else manifest.body

        def place(pointer: Pointer) -> Location:
            while pointer and manifest.at(pointer) is None:
                pointer = pointer[:-1]
            return self.place(Field(manifest, pointer))

        location, closure = place(("metadata", "name")), target.closure.of_object
        return DeployerObject(manifest.body, location, read, closure, place, target.name, above, manifest)

    def _changed(self, target: Target, manifest: Manifest, changes: Changes) -> Body:
        outcome = self.renders_of(target).ask(changes)
        if not isinstance(outcome, Rendering):
            raise RecipeError(outcome.message, outcome.location) if outcome else RecipeError(f"{target.name} is not rendered again")
        for each in read_manifests(outcome, lambda kind: kind == manifest.kind).manifests:
            if (each.group, each.name, each.namespace) == (manifest.group, manifest.name, manifest.namespace):
                body: Body = each.body
                return body
        raise RecipeError(f"{manifest.resource} is not rendered any more")
