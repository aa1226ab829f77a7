"""Where the schema of a kind is found: definitions that targets and charts bring, configured files, the package for built-in kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from agentslint import files
from agentslint.facts.context import Context
from agentslint.facts.environments import cluster_names
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Target, TargetKind
from agentslint.schemas import built_in
from agentslint.schemas.definitions import Definition, RawDefinition, raw_definitions
from agentslint.schemas.json_schemas import FileNames, JsonSchemas, names_of
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.known_files import KnownFiles
from agentslint.yamlread import YamlError

if TYPE_CHECKING:
    from agentslint.facts.local_chart import LocalChart


class _Rendered(Struct, frozen=True):
    """A definition, and the target that renders it."""

    target: RenderedTarget
    raw: RawDefinition


class KnownSchemas:
    """Finds the schemas of the kinds in some targets; each is looked for, and read, once."""

    def __init__(self, targets: Sequence[RenderedTarget], context: Context) -> None:
        self._targets = targets
        self._context = context
        self._built_in = JsonSchemas(files.read)
        self._parsed: dict[bytes, Definition | None] = {}
        self._found: dict[tuple[RenderedTarget, str, str], list[Definition]] = {}
        self._charts: dict[LocalChart, tuple[RawDefinition, ...]] = {}

    def definitions(self, target: RenderedTarget, group: str, kind: str) -> list[Definition]:
        """Return the definitions of a custom kind from the first place that has some; none for a built-in kind."""
        if not built_in.is_custom(group):
            return []
        key = target, group, kind
        if key not in self._found:
            self._found[key] = next(self._by_source(target, group, kind), [])
        return self._found[key]

    def schema(self, target: RenderedTarget, group: str, version: str, kind: str, *, with_built_in: bool) -> ObjectSchema | None:
        """Return the JSON schema of a kind: configured, else that of the package for the built-in kinds."""
        release = built_in.release(_kube_version(target.target, self._context))
        if self._context.schema_files and (found := self._configured.schema(group, version, kind, release)):
            return found
        return None if built_in.is_custom(group) or not with_built_in else self._of_package(group, version, kind, release)

    def _by_source(self, target: RenderedTarget, group: str, kind: str) -> Iterator[list[Definition]]:
        """Yield the definitions of a kind by where they are from: the target, its cluster, the configuration, its charts, the run.

        Each place is looked at only if those before it have none.
        """
        rendered = [each for each in self._rendered.get(group, ()) if each.raw.may_define(group, kind)]
        tiers: tuple[Callable[[], Iterable[RawDefinition]], ...] = (
            lambda: [each.raw for each in rendered if each.target is target],
            lambda: [each.raw for each in rendered if _share_cluster(target.target, each.target.target, self._context)],
            lambda: self._of_configuration.get(group, ()),
            lambda: self._of_charts(target),
            lambda: [*(each.raw for each in rendered), *self._of_all_charts.get(group, ())],
        )
        for tier in tiers:
            different = {raw.digest: raw for raw in tier() if raw.may_define(group, kind)}
            read = map(self._definition, different.values())
            found = [each for each in read if each and (each.group, each.kind) == (group, kind)]
            if found:
                yield found

    @cached_property
    def _rendered(self) -> dict[str, list[_Rendered]]:
        """The definitions that targets render, by group."""
        found: dict[str, list[_Rendered]] = {}
        for target in self._targets:
            for raw in _definitions_of(target):
                found.setdefault(raw.group, []).append(_Rendered(target, raw))
        return found

    @cached_property
    def _of_configuration(self) -> dict[str, list[RawDefinition]]:
        return _by_group(self._configured.definitions if self._context.schema_files else ())

    @cached_property
    def _of_all_charts(self) -> dict[str, list[RawDefinition]]:
        return _by_group(raw for target in self._targets for raw in self._of_charts(target))

    def _definition(self, raw: RawDefinition) -> Definition | None:
        """A definition, read once; one in a file that cannot be read is not checked, one in a rendering is reported there."""
        if raw.digest not in self._parsed:
            self._parsed[raw.digest] = None
            try:
                self._parsed[raw.digest] = raw.definition
            except YamlError as error:
                if error.path:
                    self._context.unchecked.fail(error.path, error.message, error.line)
        return self._parsed[raw.digest]

    def _of_charts(self, target: RenderedTarget) -> Iterator[RawDefinition]:
        """The definitions in the `crds/` of the charts of a target."""
        for entry in target.target.closure.charts:
            if chart := target.local_chart(entry):
                if chart not in self._charts:
                    self._charts[chart] = chart.definitions(self._context.unchecked.fail)
                yield from self._charts[chart]

    @cached_property
    def _configured(self) -> KnownFiles:
        root = self._targets[0].target.root
        return KnownFiles(self._context.schema_files, lambda path: files.read_in(root, path), self._context.unchecked.fail)

    def _of_package(self, group: str, version: str, kind: str, release: built_in.KubeRelease | None) -> ObjectSchema | None:
        used = built_in.nearest(release, list(built_in.releases()))
        if used is None:
            return None
        if release is not None and used != release:
            asked, taken = (".".join(map(str, each)) for each in (release, used))
            self._context.unchecked.notes[f"there are no schemas for Kubernetes {asked}: those of {taken} were used"] = None
        path = next(iter(_files_of(built_in.releases()[used]).of(names_of(group, version, kind))), None)
        return self._built_in.load(path) if path else None


def _definitions_of(target: RenderedTarget) -> tuple[RawDefinition, ...]:
    """The definitions that a target renders; what cannot be read is reported where the stream is."""
    if target.rendering is None:
        return ()
    with suppress(YamlError):
        return tuple(raw_definitions(target.rendering.stream, "", trusted=target.target.kind is TargetKind.KUSTOMIZATION))
    return ()


def _by_group(definitions: Iterable[RawDefinition]) -> dict[str, list[RawDefinition]]:
    found: dict[str, list[RawDefinition]] = {}
    for raw in definitions:
        found.setdefault(raw.group, []).append(raw)
    return found


@cache
def _files_of(folder: str) -> FileNames:
    return FileNames(f"{folder}/{name}" for name in sorted(built_in.names(folder)))


def _share_cluster(one: Target, other: Target, context: Context) -> bool:
    if one.deployed is None or other.deployed is None:
        return False
    clusters = context.config.deploy.clusters
    mine, theirs = (cluster_names(each.deployed.application.destination, clusters) for each in (one, other) if each.deployed)
    return one.deployed.application.deployer == other.deployed.application.deployer and (mine == theirs or not mine.isdisjoint(theirs))


def _kube_version(target: Target, context: Context) -> str:
    """The version of Kubernetes that the configuration names for a target; empty where it names none."""
    render = context.config.render
    said = [each.kube_version for each in (render, *(table for table in render.for_ if target.is_named(table.targets)))]
    return next((each for each in reversed(said) if each), "")
