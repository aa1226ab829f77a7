"""Which scalars may be changed to see what they decide: everything that a person wrote, but for what names things.

Names, kinds, selectors and labels are what kustomize and Kubernetes match on; a change there changes the shape of the render.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from agentslint.model import Pointer, Region, Target
from agentslint.trace.authored import Authored, Document, FileDocuments, by_name
from agentslint.trace.nested import nested_scalars
from agentslint.trace.scalar import AuthoredScalar, Layer
from agentslint.yamlread import Scalar

_MATCHED_ON = {"selector", "matchLabels", "labels", "nodeSelector", "ownerReferences"}
_PATCH_LISTS = ("patches", "patchesJson6902", "patchesStrategicMerge")


class Changeable:
    """The scalars of one target that a taint render may change."""

    def __init__(self, target: Target, authored: Authored, files: FileDocuments) -> None:
        self.target = target
        self.authored = authored
        self.files = files

    @cached_property
    def scalars(self) -> tuple[AuthoredScalar, ...]:
        """All of them, each place once (an alias is changed where its anchor stands)."""
        found: dict[tuple[str, Region], AuthoredScalar] = {}
        for scalar in (*self._own(), *self._charts()):
            found.setdefault((scalar.path, scalar.region), scalar)
        return tuple(found.values())

    @cached_property
    def matched_on(self) -> frozenset[str]:
        """The names that `images:` entries look for."""
        return frozenset(
            scalar.text
            for document in self.authored.kustomizations
            for scalar in document.scalars
            if len(scalar.pointer) == 3 and scalar.pointer[0] in ("images", "imageTags") and scalar.pointer[2] == "name"
        )

    def _own(self) -> Iterator[AuthoredScalar]:
        kustomizations = set(self.target.closure.kustomizations)
        for document in self.authored.documents:
            if document.path in kustomizations:
                yield from self._kustomization(document)
            elif document.path in self.authored.resource_files:
                yield from _written(document, document.scalars, _in_manifest, Layer.RESOURCE)
            else:
                allowed = _in_operations if isinstance(document.body, list) else _in_manifest if document.resource[0] else _anywhere
                yield from _written(document, document.scalars, allowed, Layer.SETTINGS)

    def _kustomization(self, document: Document) -> Iterator[AuthoredScalar]:
        lines = self.files.lines(self.target.root, document.path)
        for scalar in document.scalars:
            if scalar.pointer and scalar.pointer[0] in _PATCH_LISTS:
                yield from _inline_patch(document, scalar, lines)
            elif _in_kustomization(scalar.pointer):
                yield from _written(document, [_literal_value(scalar)], _anywhere, Layer.KUSTOMIZATION)

    def _charts(self) -> Iterator[AuthoredScalar]:
        """The default values of local charts and of the charts in them."""
        for folder in sorted({chart.directory for chart in self.target.closure.charts if chart.directory and chart.present}):
            for path in sorted((self.target.root / folder).glob("**/values.yaml")):
                relative = path.relative_to(self.target.root).as_posix()
                for document in self.files(self.target.root, relative):
                    yield from _written(document, document.scalars, _anywhere, Layer.CHART)

    def literals(self, template: str, texts: Sequence[str]) -> Iterator[AuthoredScalar]:
        """Yield texts that a chart's template (or a helper beside it) holds as they are, outside of its actions and comments."""
        chart, _, rest = template.partition("/")
        for entry in self.target.closure.charts:
            if entry.name == chart and entry.directory and entry.present:
                helpers = sorted((self.target.root / entry.directory).glob("templates/**/*.tpl"))
                paths = [f"{entry.directory}/{rest}", *(path.relative_to(self.target.root).as_posix() for path in helpers)]
                for path in dict.fromkeys(paths):
                    yield from _literals_in(path, self.files.lines(self.target.root, path), texts)


def _written(
    document: Document, scalars: Sequence[Scalar], allowed: Callable[[Pointer], bool], layer: Layer, body: Any = None, prefix: Pointer = ()
) -> Iterator[AuthoredScalar]:
    for scalar in scalars:
        one_line = scalar.region.start_line == scalar.region.end_line
        if scalar.text and one_line and scalar.style in ("plain", "single", "double") and allowed(scalar.pointer):
            names = prefix or document.location(scalar).key_path
            key_path = (*names, *by_name(body, scalar.pointer)) if prefix else names
            yield AuthoredScalar(document.path, scalar.region, scalar.text, scalar.style, key_path, layer)


def _inline_patch(document: Document, scalar: Scalar, lines: Sequence[str]) -> Iterator[AuthoredScalar]:
    """The scalars of a patch that is written in the kustomization itself."""
    if scalar.pointer[-1] not in ("patch",) and scalar.pointer[0] != "patchesStrategicMerge":
        return
    prefix = by_name(document.body, scalar.pointer)
    for body, inner in nested_scalars(scalar, lines):
        allowed = _in_operations if isinstance(body, list) else _in_manifest
        yield from _written(document, [inner], allowed, Layer.KUSTOMIZATION, body, prefix)


def _literal_value(scalar: Scalar) -> Scalar:
    """Of a generator's literal `KEY=value` the value is what is authored."""
    if len(scalar.pointer) > 2 and scalar.pointer[-2] == "literals" and "=" in scalar.text and scalar.style == "plain":
        name, _, text = scalar.text.partition("=")
        region = scalar.region
        place = Region(region.start_line, region.start_column + len(name) + 1, region.end_line, region.end_column)
        return Scalar(scalar.pointer, text, place, scalar.style, scalar.key_region)
    return scalar


def _anywhere(_: Pointer) -> bool:
    return True


def _in_manifest(pointer: Pointer) -> bool:
    if pointer[:1] in (("apiVersion",), ("kind",)) or pointer[:2] in (("metadata", "name"), ("metadata", "namespace")):
        return False
    return not _MATCHED_ON.intersection(step for step in pointer if isinstance(step, str)) and pointer[-1:] != ("name",)


def _in_operations(pointer: Pointer) -> bool:
    """JSON 6902: the value of an operation."""
    return "value" in pointer[1:2]


def _in_kustomization(pointer: Pointer) -> bool:
    match pointer:
        case ("images" | "imageTags", int(), ("newName" | "newTag" | "digest")):
            return True
        case ("helmCharts", int(), "valuesInline", *_) | ("helmChartInflationGenerator", int(), "valuesLocal", *_):
            return True
        case ("configMapGenerator" | "secretGenerator", int(), "literals", int()):
            return True
        case ("commonAnnotations", _):
            return True
    return False


def _literals_in(path: str, lines: Sequence[str], texts: Sequence[str]) -> Iterator[AuthoredScalar]:
    for number, line in enumerate(lines, 1):
        plain = re.sub(r"\{\{.*?\}\}", lambda match: "\0" * len(match.group()), line)
        plain = re.sub(r"(^|\s)#.*", lambda match: "\0" * len(match.group()), plain)
        for text in texts:
            for match in re.finditer(rf"(?<![\w.-]){re.escape(text)}(?![\w.-])", plain):
                region = Region(number, match.start() + 1, number, match.end() + 1)
                yield AuthoredScalar(path, region, text, "plain", ("template", text), Layer.TEMPLATE)
                return
