"""The HelmReleases of Flux as targets.

https://fluxcd.io/flux/components/helm/helmreleases/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from agentslint import files
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_charts import ReleaseChart, chart_of
from agentslint.deploy.flux.flux_kustomization import merged_images, patch_targets
from agentslint.deploy.flux.flux_metadata import with_common_metadata
from agentslint.deploy.flux.flux_source import FluxSource, normal
from agentslint.deploy.flux.flux_values import NotJudgedError, composed_values, merge, value_references
from agentslint.deploy.listed import ListedSource
from agentslint.deploy.local_charts import Dependencies, chart_name, dependencies
from agentslint.deploy.source_types import SourceError
from agentslint.deploy.typed import flag, mapping, sequence, text
from agentslint.model import Closure, HelmChartEntry, Place, Pointer, Target, TargetKind
from agentslint.model.application import Changes, DeployedSource, HelmRecipe, Inline, RecipeError
from agentslint.paths import join
from agentslint.yamlread import YamlError, compose, value

_LONGEST_NAME, _HASH = 53, 12


class ReleasedSource(FluxSource):
    """One HelmRelease."""

    def __init__(self, found: DeployerObject, around: DeployContext) -> None:
        super().__init__(found, around)
        self.chart = ReleaseChart()

    def row(self) -> ListedSource:
        """Return it with a target, or with the reason why it has none."""
        return self.listed(ListedSource(self.application), self._listed)

    def _listed(self, row: ListedSource) -> ListedSource:
        spec = self.spec({})
        if not text(mapping(spec, "chartRef"), "kind") and not text(mapping(mapping(mapping(spec, "chart"), "spec"), "sourceRef"), "kind"):
            return self.problem(row, "it names no chart", ("spec", "chart"))
        chart = self.chart = chart_of(self.found, self.around)
        path = "" if chart.folder is None else chart.folder or "."
        named = "" if path else chart.name
        row = replace(row, repository=chart.url, revision=chart.revision, path=path, chart=named, is_ours=chart.is_ours)
        if not self.application.enabled:
            return replace(row, reason="switched off (suspend)")
        if chart.elsewhere:
            return replace(row, reason=chart.elsewhere)
        if path and (refused := self.missing(row, path, chart.pointer)):
            return refused
        if path and not files.is_file_in(self.here.root, join(chart.folder or "", "Chart.yaml")):
            return self.problem(row, f"path {path} is no chart", chart.pointer)
        if not path and chart.value_files:
            return replace(row, reason=f"its values are in files of chart {chart.name}, which is not in the repository")
        try:
            return self._judged(row)
        except NotJudgedError as error:
            return replace(row, reason=error.message)

    def _judged(self, row: ListedSource) -> ListedSource:
        spec = self.spec({})
        wanted = list(value_references(spec))
        data = self.data(wanted)
        recipe = self._recipe
        recipe({})
        own = self._closure(spec)
        deployed = DeployedSource(
            self.application,
            row.path,
            recipe,
            deployer_files=frozenset(self.found.closure.files),
            data_files=self.data_files(data, own),
            data=frozenset(wanted),
            resources=self.resources,
            outside=self.outside(data),
        )
        folder = self.chart.folder
        file = self.found.location.path if folder is None else join(folder, "Chart.yaml")
        closure = own.joined(*(replace(each.closure, charts=()) for each in data))
        target = Target(deployed.name, TargetKind.CHART, self.here.root, file, closure, deployed)
        return replace(row, target=target, reason=self.chart.rule)

    def _recipe(self, changes: Changes) -> HelmRecipe:
        spec, chart, root = self.spec(changes), self.chart, self.here.root
        values = composed_values(self.found, spec, self.around.objects, changes)
        namespace = text(spec, "targetNamespace") or self.application.namespace
        folder = chart.folder
        needed = Dependencies() if folder is None else dependencies(root, folder)
        return HelmRecipe(
            release_name(spec, self.found.name),
            chart=folder or "",
            pull=chart.pull,
            arguments=("--namespace", namespace, *_flags(spec), "--values", Inline(json.dumps(values, ensure_ascii=False).encode())),
            dependencies=needed.pulled,
            local_dependencies=needed.local,
            written=self._written(changes),
            post_renderers=tuple(_post_renderers(spec)),
            after=_metadata(spec),
        )

    def _value_files(self) -> list[str]:
        """The files that stand in for the chart's own values, from the root of the repository."""
        found = []
        for each in self.chart.value_files:
            path = normal(each)
            if files.is_file_in(self.here.root, path):
                found.append(path)
            elif not self.chart.may_miss_values:
                message, pointer = f"value file {each} does not exist ({path})", ("spec", "chart", "spec", "valuesFiles")
                raise SourceError(message, pointer, file=path, leave_out="ignoreMissingValuesFiles")
        return found

    def _written(self, changes: Changes) -> dict[str, bytes]:
        folder = self.chart.folder
        if folder is None or not self.chart.value_files:
            return {}
        merged: dict[str, Any] = {}
        for path in self._value_files():
            try:
                data = changes[path] if path in changes else files.read_in(self.here.root, path)
                body = next(map(value, compose(data, path, duplicate_keys=True)), None)
            except (OSError, YamlError) as error:
                raise RecipeError(f"value file {path} cannot be read: {error}") from None
            merged = merge(merged, body) if isinstance(body, Mapping) else merged
        return {join(folder, "values.yaml"): json.dumps(merged, ensure_ascii=False).encode()}

    def _closure(self, spec: Mapping[str, Any]) -> Closure:
        folder, root = self.chart.folder, self.here.root
        folders = set() if folder is None else {folder, *dependencies(root, folder).local}
        value_files = self._value_files() if folder is not None else []
        own = self.joined(read=value_files, folders=folders)
        return replace(own, charts=(self._entry(spec, value_files), *own.charts))

    def _entry(self, spec: Mapping[str, Any], value_files: list[str]) -> HelmChartEntry:
        where, folder = self.place(self.chart.pointer), self.chart.folder
        pointer: Pointer = ("spec", "chart", "spec", "version")
        version = self.place(pointer) if text(mapping(mapping(spec, "chart"), "spec"), "version") else None
        return HelmChartEntry(
            where.path,
            where.region.start_line,
            self.chart.name if folder is None else chart_name(self.here.root, folder),
            release=release_name(spec, self.found.name),
            repo=self.chart.repository,
            version=self.chart.version,
            directory=folder,
            present=folder is not None,
            version_region=version.region if version and version.path == where.path else None,
            version_at=self._version_at(),
            value_files=tuple(value_files),
            inline=self.place(("spec", "values")).key_path[1:] if mapping(spec, "values") else None,
        )

    def _version_at(self) -> Place | None:
        """Where the version stands, if that is not in the file of the release itself."""
        if self.chart.version_at is None:
            return None
        owner, pointer = self.chart.version_at
        return owner.field_at(pointer) or (owner.place(pointer) if owner is not self.found else None)


def release_name(spec: Mapping[str, Any], name: str) -> str:
    """Return the name of a release: its own, or made of namespace and name, and shortened where helm would refuse it."""
    target = text(spec, "targetNamespace")
    found = text(spec, "releaseName") or (f"{target}-{name}" if target else name)
    if len(found) <= _LONGEST_NAME:
        return found
    return f"{found[: _LONGEST_NAME - _HASH - 1]}-{hashlib.sha256(found.encode()).hexdigest()[:_HASH]}"


def _flags(spec: Mapping[str, Any]) -> Iterator[str]:
    install = mapping(spec, "install")
    if text(install, "crds") != "Skip" and not flag(install, "skipCRDs"):
        yield "--include-crds"
    if flag(install, "disableSchemaValidation"):
        yield "--skip-schema-validation"
    if flag(install, "disableHooks"):
        yield "--no-hooks"
    yield "--skip-tests"


def _post_renderers(spec: Mapping[str, Any]) -> Iterator[bytes]:
    """The kustomizations that change what the chart renders, in their order."""
    for each in sequence(spec, "postRenderers"):
        said = mapping(each, "kustomize")
        if not said:
            continue
        body: dict[str, Any] = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": ["helm-output.yaml"],
            "images": merged_images([], sequence(said, "images")),
            "patches": [patch_targets(patch) for patch in sequence(said, "patches")],
            "patchesStrategicMerge": [json.dumps(patch) for patch in sequence(said, "patchesStrategicMerge")],
            "patchesJson6902": [{**patch, "patch": json.dumps(patch.get("patch"))} for patch in sequence(said, "patchesJson6902")],
        }
        yield json.dumps({key: item for key, item in body.items() if item}, ensure_ascii=False).encode()


def _metadata(spec: Mapping[str, Any]) -> Callable[[bytes], bytes] | None:
    if not mapping(spec, "commonMetadata"):
        return None
    return lambda stream: with_common_metadata(stream, spec, by_kustomize=False)
