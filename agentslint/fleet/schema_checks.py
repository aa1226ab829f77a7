"""Manifests of a run against the schemas of their kinds, which come from where the cluster will have them from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path

from agentslint import files
from agentslint.facts.context import Context
from agentslint.facts.environments import cluster_names
from agentslint.facts.local_chart import LocalChart
from agentslint.facts.target_facts import CRD
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.fleet.schema_fault import SchemaFault
from agentslint.model import Field, Manifest, Pointer, Target, TargetKind
from agentslint.model.skipped import some
from agentslint.schemas import built_in
from agentslint.schemas.definitions import Definition, RawDefinition, raw_definitions
from agentslint.schemas.json_schemas import FileNames, JsonSchemas, names_of
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.keywords import TooManyStepsError
from agentslint.schemas.known_files import KnownFiles
from agentslint.schemas.violations import Broken, Gap, Judgement, Violation
from agentslint.yamlread import YamlError

_MOST = 25
"""Faults of one manifest that are shown one by one."""
_BRING = "bring its definition, or name it in [schemas] paths"
_VARIABLE = re.compile(r"\$\{[A-Za-z_]|\$\([A-Za-z_]")


@dataclass(frozen=True)
class _Rendered:
    """A definition, and the target that renders it."""

    target: RenderedTarget
    raw: RawDefinition


class SchemaChecks:
    """Holds the manifests of some targets against schemas."""

    def __init__(self, targets: Sequence[RenderedTarget], context: Context) -> None:
        self._targets = targets
        self._context = context
        self._built_in = JsonSchemas(files.read)
        self._parsed: dict[bytes, Definition | None] = {}
        self._found: dict[tuple[int, str, str], list[Definition]] = {}
        self._charts: dict[tuple[Path, str], tuple[RawDefinition, ...]] = {}
        """The definitions of charts by root and folder."""

    @property
    def has_package(self) -> bool:
        """Whether the schemas of the built-in kinds are installed."""
        return bool(built_in.releases())

    def violations(self, target: RenderedTarget, *, with_built_in: bool = False, required: Collection[str] = ()) -> Iterator[SchemaFault]:
        """Yield the faults of a target's manifests; what has no schema is counted in the context.

        In the `required` API groups (globs) that is a fault, too.
        """
        unchecked = self._context.unchecked
        others = (manifest for manifest in target.manifests if manifest.kind != CRD and isinstance(manifest.body, dict))
        # To read definitions takes most of the time of a run: they are built-in kinds like any other.
        for manifest in (*others, *(target.crds if with_built_in else ())):
            judged = self._guarded(target, manifest, with_built_in=with_built_in)
            if judged is None:
                if not (with_built_in or self._context.schema_files or is_custom(manifest.group)):
                    continue  # nobody has asked for them
                unchecked.kinds[f"{manifest.api_version} {manifest.kind}"] += 1
                if any(fnmatchcase(manifest.group, glob) for glob in required):
                    yield SchemaFault(Field(manifest, ("kind",)), f"has no schema in group {manifest.group}", _BRING, False)
                continue
            unchecked.add(judged.gaps)
            known = [each for each in judged.violations if not _is_filled_in(manifest, each.pointer)]
            unchecked.variables += len(judged.violations) - len(known)
            yield from (_of(manifest, violation) for violation in known[:_MOST])
            if (more := len(known) - _MOST) > 0:
                yield SchemaFault(Field(manifest, ("kind",)), f"breaks the schema of its kind in {more} more places", "", False)

    def _guarded(self, target: RenderedTarget, manifest: Manifest, *, with_built_in: bool) -> Judgement | None:
        """Judge a manifest; an odd schema leaves out the objects of its kind, and no others."""
        try:
            return self._judged(target, manifest, with_built_in=with_built_in)
        except TooManyStepsError:
            gap = Gap.STEPS
        except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError):
            gap = Gap.ODD
        return Judgement(gaps=Counter([(gap, f"{manifest.api_version} {manifest.resource} of {target.target.name}")]))

    def _judged(self, target: RenderedTarget, manifest: Manifest, *, with_built_in: bool) -> Judgement | None:
        group, _, version = manifest.api_version.rpartition("/")
        if definitions := self._defined(target, group, manifest.kind) if is_custom(group) else []:
            judgements = [_by_definition(each, manifest, version, not self._context.untrusted) for each in definitions]
            known = [each for each in judgements if each is not None]
            return _agreed(known) if len(known) == len(judgements) else None
        schema = self._of_file(target, group, version, manifest.kind, with_built_in=with_built_in)
        hidden, asks_rules = manifest.kind == "Secret", not self._context.untrusted
        return schema.judge(manifest.body, hidden=hidden, asks_rules=asks_rules) if schema else None

    def _defined(self, target: RenderedTarget, group: str, kind: str) -> list[Definition]:
        """The definitions of a kind from the first place that has some; each kind of a target is looked for once."""
        key = id(target), group, kind
        if key not in self._found:
            self._found[key] = next(self._sources(target, group, kind), [])
        return self._found[key]

    def _sources(self, target: RenderedTarget, group: str, kind: str) -> Iterator[list[Definition]]:
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
            if entry.present and entry.directory is not None:
                key = target.target.root, entry.directory
                if key not in self._charts:
                    self._charts[key] = LocalChart(*key).definitions(self._context.unchecked.fail)
                yield from self._charts[key]

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


def _by_definition(found: Definition, manifest: Manifest, version: str, asks_rules: bool) -> Judgement | None:
    """Judge a manifest by the version that it names, which there must be; None where that has no schema."""
    known = found.versions.get(version)
    if known is None or not known.is_served:
        served = [f"{found.group}/{each.name}" for each in found.versions.values() if each.is_served]
        problem = "is not served" if known else "does not exist"
        text = f"names a version of {found.kind} that {problem}"
        return Judgement([Violation(("apiVersion",), text, Broken.VERSION, advice=f"the definition serves {some(served) or 'none'}")])
    return known.schema.judge(manifest.body, asks_rules=asks_rules) if known.schema else None


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
