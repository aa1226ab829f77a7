"""Manifests of a run against the schemas of their kinds, which come from where the cluster will have them from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from agentslint import files
from agentslint.facts.context import Context
from agentslint.facts.environments import cluster_names
from agentslint.facts.target_facts import CRD
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.fleet.schema_fault import SchemaFault
from agentslint.model import Field, Manifest, Pointer, Target, TargetKind
from agentslint.model.skipped import some
from agentslint.paths import join
from agentslint.schemas import built_in
from agentslint.schemas.definitions import Definition, RawDefinition, raw_definitions
from agentslint.schemas.json_schemas import JsonSchemas, is_named, names_of
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.known_files import KnownFiles
from agentslint.schemas.violations import Broken, Judgement, Violation
from agentslint.yamlread import YamlError

_ENDINGS = (".yaml", ".yml", ".json")
_MOST = 25
"""Faults of one manifest that are shown one by one."""
_VARIABLE = re.compile(r"\$\{[A-Za-z_]|\$\([A-Za-z_]")


@dataclass(frozen=True)
class _Place:
    """Where a definition is: in what a target renders, or in the `crds/` of one of its charts."""

    target: RenderedTarget
    raw: RawDefinition
    is_of_chart: bool


class SchemaChecks:
    """Holds the manifests of some targets against schemas."""

    def __init__(self, targets: Sequence[RenderedTarget], context: Context) -> None:
        self._targets = targets
        self._context = context
        self._built_in = JsonSchemas(built_in.read)
        self._parsed: dict[bytes, Definition | None] = {}
        self._found: dict[tuple[int, str, str], list[Definition]] = {}
        self._streams: dict[tuple[Path, str], tuple[RawDefinition, ...]] = {}
        """The definitions of charts by root and folder of `crds/`."""

    @property
    def has_package(self) -> bool:
        """Whether the schemas of the built-in kinds are installed."""
        return bool(built_in.releases())

    def violations(self, target: RenderedTarget, *, with_built_in: bool = False) -> Iterator[SchemaFault]:
        """Yield the faults of a target's manifests; what has no schema is counted in the context."""
        unchecked = self._context.unchecked
        for manifest in target.manifests:
            if manifest.kind == CRD or not isinstance(manifest.body, dict):
                continue
            judged = self._judged(target, manifest, with_built_in=with_built_in)
            if judged is None:
                if not (with_built_in or self._context.schema_files or is_custom(manifest.group)):
                    continue  # nobody has asked for them
                unchecked.kinds[f"{manifest.api_version} {manifest.kind}"] += 1
                continue
            unchecked.add(judged.gaps)
            known = [each for each in judged.violations if not _is_filled_in(manifest, each.pointer)]
            unchecked.variables += len(judged.violations) - len(known)
            yield from (_of(manifest, violation) for violation in known[:_MOST])
            if (more := len(known) - _MOST) > 0:
                yield SchemaFault(Field(manifest, ("kind",)), f"breaks the schema of its kind in {more} more places", "", False)

    def _judged(self, target: RenderedTarget, manifest: Manifest, *, with_built_in: bool) -> Judgement | None:
        group, _, version = manifest.api_version.rpartition("/")
        if definitions := self._defined(target, group, manifest.kind) if is_custom(group) else []:
            return _agreed([_by_definition(each, manifest, version) for each in definitions])
        schema = self._of_file(target, group, version, manifest.kind, with_built_in=with_built_in)
        return schema.judge(manifest.body, hidden=manifest.kind == "Secret") if schema else None

    def _defined(self, target: RenderedTarget, group: str, kind: str) -> list[Definition]:
        """The definitions of a kind from the first place that has some; each kind of a target is looked for once."""
        key = id(target), group, kind
        if key not in self._found:
            self._found[key] = next(self._sources(target, group, kind), [])
        return self._found[key]

    def _sources(self, target: RenderedTarget, group: str, kind: str) -> Iterator[list[Definition]]:
        """Yield the definitions of a kind by where they are from: the target, its cluster, the configuration, its charts, the run."""
        known = [each for each in self._everywhere.get(group, ()) if each.raw.may_define(group, kind)]
        rendered = [each for each in known if not each.is_of_chart]
        configured = [raw for raw in self._of_configuration() if raw.may_define(group, kind)]
        tiers: tuple[Callable[[], list[RawDefinition]], ...] = (
            lambda: [each.raw for each in rendered if each.target is target],
            lambda: [each.raw for each in rendered if _share_cluster(target.target, each.target.target, self._context)],
            lambda: configured,
            lambda: [each.raw for each in known if each.target is target],
            lambda: [each.raw for each in known],
        )
        for tier in tiers if known or configured else ():
            different = {raw.digest: raw for raw in tier()}
            read = map(self._definition, different.values())
            found = [each for each in read if each and (each.group, each.kind) == (group, kind)]
            if found:
                yield found

    @cached_property
    def _everywhere(self) -> dict[str, list[_Place]]:
        """All definitions of the run by group, each with the target that renders it, or whose chart has it."""
        found: dict[str, list[_Place]] = {}
        for target in self._targets:
            for raw in self._rendered(target):
                found.setdefault(raw.group, []).append(_Place(target, raw, is_of_chart=False))
            for raw in self._of_charts(target):
                found.setdefault(raw.group, []).append(_Place(target, raw, is_of_chart=True))
        return found

    def _of_configuration(self) -> tuple[RawDefinition, ...]:
        return self._configured.definitions if self._context.schema_files else ()

    def _definition(self, raw: RawDefinition) -> Definition | None:
        if raw.digest not in self._parsed:
            self._parsed[raw.digest] = raw.definition
        return self._parsed[raw.digest]

    def _rendered(self, target: RenderedTarget) -> tuple[RawDefinition, ...]:
        """The definitions that a target renders; what cannot be read is reported where the stream is."""
        if target.rendering is None:
            return ()
        with suppress(YamlError):
            return tuple(
                raw_definitions(target.rendering.stream, target.target.file, trusted=target.target.kind is TargetKind.KUSTOMIZATION)
            )
        return ()

    def _of_charts(self, target: RenderedTarget) -> tuple[RawDefinition, ...]:
        entries = (entry for entry in target.target.closure.charts if entry.present and entry.directory is not None)
        return tuple(raw for entry in entries for raw in self._of_chart(target.target.root, entry.directory or ""))

    def _of_chart(self, root: Path, folder: str) -> tuple[RawDefinition, ...]:
        """The definitions in the `crds/` of a chart, as `LocalChart.crds` names them."""
        folder = join(folder, "crds")
        if (root, folder) not in self._streams:
            self._streams[root, folder] = tuple(_in_folder(root, folder))
        return self._streams[root, folder]

    @cached_property
    def _configured(self) -> KnownFiles:
        root = self._targets[0].target.root
        return KnownFiles(
            self._context.schema_files,
            lambda path: files.read_in(root, path),
            self._context.unchecked.fail,
        )

    def _of_file(self, target: RenderedTarget, group: str, version: str, kind: str, *, with_built_in: bool) -> ObjectSchema | None:
        """The JSON schema of a kind: configured, else that of the package for the built-in kinds."""
        release = built_in.release(_kube_version(target.target, self._context))
        if self._context.schema_files and (found := self._configured.schema(group, version, kind, release)):
            return found
        return None if is_custom(group) or not with_built_in else self._of_package(group, version, kind, release)

    def _of_package(self, group: str, version: str, kind: str, release: built_in.KubeRelease | None) -> ObjectSchema | None:
        used = built_in.nearest(release, list(built_in.releases()))
        if used is None:
            return None
        if release is not None and used != release:
            asked, taken = (".".join(map(str, each)) for each in (release, used))
            self._context.unchecked.notes[f"there are no schemas for Kubernetes {asked}: those of {taken} were used"] = None
        folder = built_in.releases()[used]
        names = names_of(group, version, kind)
        name = next((each for each in sorted(_names(folder)) if is_named(each, names)), None)
        return self._built_in.load(f"{folder}/{name}") if name else None


def _in_folder(root: Path, folder: str) -> Iterator[RawDefinition]:
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in _ENDINGS:
            relative = path.relative_to(root).as_posix()
            with suppress(OSError, YamlError):
                yield from list(raw_definitions(files.read_in(root, relative), relative))


@cache
def _names(folder: str) -> frozenset[str]:
    return built_in.names(folder)


def is_custom(group: str) -> bool:
    """Tell whether kinds of a group come from definitions; some of those with `.k8s.io` do, too."""
    return "." in group and group not in _BUILT_IN_GROUPS


_BUILT_IN_GROUPS = frozenset(
    f"{name}.k8s.io"
    for name in (
        *("admissionregistration", "apiextensions", "apiregistration", "authentication", "authorization", "certificates"),
        *("coordination", "discovery", "events", "flowcontrol.apiserver", "internal.apiserver", "networking", "node"),
        *("rbac.authorization", "resource", "scheduling", "storage", "storagemigration"),
    )
)


def _by_definition(found: Definition, manifest: Manifest, version: str) -> Judgement:
    """Judge a manifest by the version that it names, which there must be."""
    known = found.versions.get(version)
    if known is None or not known.is_served:
        served = [f"{found.group}/{each.name}" for each in found.versions.values() if each.is_served]
        problem = "is not served" if known else "does not exist"
        text = f"names a version of {found.kind} that {problem}"
        return Judgement([Violation(("apiVersion",), text, Broken.VERSION, advice=f"the definition serves {some(served) or 'none'}")])
    return known.schema.judge(manifest.body) if known.schema else Judgement()


def _agreed(judgements: list[Judgement]) -> Judgement:
    """Of several definitions, only what all agree on."""
    first, *others = judgements
    for other in others:
        theirs = {(each.pointer, each.breach, each.missing) for each in other.violations}
        first.violations = [each for each in first.violations if (each.pointer, each.breach, each.missing) in theirs]
    return first


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


def _is_filled_in(manifest: Manifest, pointer: Pointer) -> bool:
    """Whether a value holds a variable that its deployer fills in: what it will be nobody knows."""
    value = manifest.at(pointer)
    return isinstance(value, str) and _VARIABLE.search(value) is not None


def _of(manifest: Manifest, violation: Violation) -> SchemaFault:
    """At the field, or at the nearest one around it: a default may have added what the schema refuses."""
    pointer, missing = violation.pointer, violation.missing
    while pointer and manifest.at(pointer) is None and not _has(manifest, pointer):
        pointer, missing = pointer[:-1], str(pointer[-1])
    place = Field(manifest, pointer, missing=missing, at_key=violation.breach is Broken.UNKNOWN)
    return SchemaFault(place, violation.text, violation.advice, violation.breach is Broken.UNKNOWN)


def _has(manifest: Manifest, pointer: Pointer) -> bool:
    around = manifest.at(pointer[:-1])
    return pointer[-1] in around if isinstance(around, dict) else False
