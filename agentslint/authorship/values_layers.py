"""The places in which the values of a chart are written, the one that wins first.

kustomize hands helm one file made of `valuesFile` and `valuesInline` (how, `valuesMerge` says), then `additionalValuesFiles` in their
order; what none of them says is the chart's own (kustomize, HelmChartInflationGenerator.go; helm, "Values Files").
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.authorship.given_values import GIVEN_PATH, given_values, sets_parameters
from agentslint.model import HelmChartEntry, Pointer, Target
from agentslint.yamlread import Node, YamlError, compose, region_at, value


class LayerKind(Enum):
    """The kind of place."""

    FILE = "file"
    """A values file."""
    INLINE = "inline"
    """`valuesInline`."""
    GIVEN = "given"
    """All that a deployer's object says itself, however it is written."""
    CHART = "chart"
    """The chart's own values.yaml."""


class ValuesLayer(Struct, frozen=True):
    """One place with values: a file, and the way in it to where the values begin."""

    kind: LayerKind
    path: str
    prefix: Pointer = ()
    restores: bool = False
    """Whether a `null` here brings the chart's default back: where kustomize merges this layer over another one it drops the key from
    both. Anywhere else helm sees the `null`, which takes the default away as well."""


def layers(target: Target, entry: HelmChartEntry) -> tuple[ValuesLayer, ...]:
    """Return the layers of one chart, the winner first; the chart's own is there only where the chart is in the repository."""
    if entry.value_files is not None:
        return _deployed(target, entry)
    found = entry_at(target, entry)
    own = tuple(_own(entry.kustomization, *found)) if found else ()
    chart = f"{entry.directory}/values.yaml"
    if entry.present and entry.directory and files.is_file_in(target.root, chart):
        return (*own, ValuesLayer(LayerKind.CHART, chart))
    return own


def _deployed(target: Target, entry: HelmChartEntry) -> tuple[ValuesLayer, ...]:
    """The layers of a chart that a deployer renders with values of its own."""
    inline = [ValuesLayer(LayerKind.INLINE, entry.kustomization, entry.inline)] if entry.inline else []
    named = [ValuesLayer(LayerKind.FILE, path) for path in reversed(entry.value_files or ())]
    chart = f"{entry.directory}/values.yaml"
    own = [ValuesLayer(LayerKind.CHART, chart)] if entry.present and files.is_file_in(target.root, chart) else []
    is_reached = (inline or named) and not sets_parameters(target) and (inline or given_values(target) == b"{}")
    given = [] if is_reached or given_values(target) is None else [ValuesLayer(LayerKind.GIVEN, GIVEN_PATH)]
    return (*given, *inline, *named, *own)


def entry_at(target: Target, entry: HelmChartEntry) -> tuple[Pointer, Mapping[str, Any]] | None:
    """Return the way to an entry in its file (of a generator's own file: the document) and what it says; None where it is not found."""
    try:
        nodes = compose(files.read_in(target.root, entry.kustomization, files.KUSTOMIZATION), entry.kustomization, duplicate_keys=True)
    except (OSError, YamlError):
        return None
    for node in nodes[:1]:
        for pointer, said in _entries(node):
            region = region_at(node, pointer)
            if region and region.start_line == entry.line:
                return pointer, said
    return None


def inline_key(said: Mapping[str, Any]) -> str:
    """How an entry writes, or would write, its inline values."""
    old = "chartName" in said
    return _spelled(said, "valueslocal" if old else "valuesinline") or ("valuesLocal" if old else "valuesInline")


def _entries(node: Node) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    body = value(node)
    if isinstance(body, Mapping):
        for key in ("helmCharts", "helmChartInflationGenerator"):
            listed = body.get(key)
            for number, said in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(said, Mapping):
                    yield (key, number), said
        if body.get("kind") == "HelmChartInflationGenerator":
            yield (), body


def _own(kustomization: str, pointer: Pointer, said: Mapping[str, Any]) -> Iterator[ValuesLayer]:
    folder = posixpath.dirname(kustomization)
    additional = said.get(_spelled(said, "additionalvaluesfiles"))
    for path in reversed(additional if isinstance(additional, list) else []):
        yield from _file(folder, path)
    key = inline_key(said)
    file = list(_file(folder, said.get(_spelled(said, "valuesfile") or _spelled(said, "values"))))
    inline = [ValuesLayer(LayerKind.INLINE, kustomization, (*pointer, key))] if said.get(key) else []
    match str(said.get(_spelled(said, "valuesmerge")) or "override").lower():
        case "merge" if inline:
            yield from (*map(_restoring, file), *inline)
        case "replace":
            yield from inline or file
        case _:
            yield from (*map(_restoring, inline), *file)


def _file(folder: str, path: Any) -> Iterator[ValuesLayer]:
    """A file of the repository; one that kustomize fetches cannot be changed."""
    if isinstance(path, str) and path and "://" not in path:
        yield ValuesLayer(LayerKind.FILE, posixpath.normpath(posixpath.join(folder, path)))


def _restoring(layer: ValuesLayer) -> ValuesLayer:
    return replace(layer, restores=True)


def _spelled(said: Mapping[str, Any], lower: str) -> str:
    """The key as it is written: kustomize does not tell upper from lower case."""
    return next((key for key in said if key.lower() == lower), "")
