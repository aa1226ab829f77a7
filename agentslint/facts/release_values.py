"""Values that a resource hands to a Helm release in the cluster: Flux's HelmRelease, Argo CD's Applications, k3s' HelmChart, Crossplane.

Some hold them as an object, which kustomize writes anew, others as a text, which helm reads itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentslint.authorship.given_names import unhashed
from agentslint.facts.named_places import leaves
from agentslint.model import Field, Manifest, Pointer
from agentslint.places import by_name

_KINDS = frozenset({"HelmRelease", "Application", "ApplicationSet", "HelmChart", "HelmChartConfig", "Release"})
_OBJECTS: tuple[tuple[str, Pointer], ...] = (
    ("HelmRelease", ("spec", "values")),
    ("Release", ("spec", "forProvider", "values")),
    ("Application", ("helm", "valuesObject")),
    ("ApplicationSet", ("helm", "valuesObject")),
)
_TEXTS: tuple[tuple[str, Pointer], ...] = (
    ("Application", ("helm", "values")),
    ("ApplicationSet", ("helm", "values")),
    ("HelmChart", ("spec", "valuesContent")),
    ("HelmChartConfig", ("spec", "valuesContent")),
)
_LONGEST = 200_000
"""Characters of a text that is still read."""


@dataclass(frozen=True)
class ReleaseValue:
    """A scalar among the values of a release: `path` leads to it in the values (list items by name), `field` is where it stands."""

    field: Field
    path: Pointer
    text: str

    @property
    def key(self) -> str:
        """The last key on the way to it."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


def hands_values(manifest: Manifest) -> bool:
    """Tell whether a manifest may hold the values of a release."""
    return manifest.kind in _KINDS


def values_of_release(kind: str, key_path: Pointer) -> Pointer | None:
    """Return the way to a scalar in the values of a release, given its way in a resource of a kind, or in a List; None where it is none."""
    for its_kind, holder in _OBJECTS:
        for at in range(len(key_path) - len(holder)) if kind in (its_kind, "List") else ():
            if key_path[at : at + len(holder)] == holder:
                return key_path[at + len(holder) :]
    return None


def object_values(manifests: Sequence[Manifest]) -> Iterator[ReleaseValue]:
    """Yield the scalars of values that are objects, as they are rendered."""
    for manifest in manifests:
        if hands_values(manifest):
            for pointer, value in _scalars(manifest):
                path = values_of_release(manifest.kind, by_name(manifest.body, pointer))
                if path:
                    yield ReleaseValue(Field(manifest, pointer), path, str(value))


def written_values(manifests: Sequence[Manifest]) -> Iterator[ReleaseValue]:
    """Yield the scalars without quotes of values that are written as a text, for helm to read."""
    named = set(_named_maps(manifests))
    for manifest in manifests:
        if hands_values(manifest) or manifest.kind == "ConfigMap":
            for pointer, value in _scalars(manifest):
                if isinstance(value, str) and _is_text_of_values(manifest, pointer, named) and len(value) < _LONGEST:
                    yield from _inner(Field(manifest, pointer), value)


def _is_text_of_values(manifest: Manifest, pointer: Pointer, named: set[tuple[str, str, str]]) -> bool:
    if manifest.kind == "ConfigMap":
        # kustomize appends a hash to the name of a generated ConfigMap, and does not know that a HelmRelease names it.
        names = {manifest.name, unhashed(manifest.name)}
        return pointer[:1] == ("data",) and any((manifest.namespace, name, *pointer[1:]) in named for name in names)
    return any(kind == manifest.kind and pointer[-len(holder) :] == holder for kind, holder in _TEXTS)


def _named_maps(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str, str]]:
    """The ConfigMaps from which a HelmRelease takes values, by namespace and name, and the key of each."""
    for manifest in manifests:
        sources: Any = manifest.at(("spec", "valuesFrom")) if manifest.kind == "HelmRelease" else None
        for source in sources if isinstance(sources, list) else ():
            if isinstance(source, Mapping) and source.get("kind") == "ConfigMap" and source.get("name") and not source.get("targetPath"):
                yield manifest.namespace, str(source["name"]), str(source.get("valuesKey") or "values.yaml")


def _inner(outer: Field, text: str) -> Iterator[ReleaseValue]:
    from agentslint.yamlread import YamlError, compose, scalars

    try:
        nodes = compose(text, "", duplicate_keys=True)
    except YamlError:
        return
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for scalar in (scalar for node in nodes for scalar in scalars(node)):
        region = scalar.region
        start = starts[region.start_line - 1] + region.start_column - 1
        if scalar.style == "plain" and text[start : start + len(scalar.text)] == scalar.text:
            span = (start, start + len(scalar.text))
            yield ReleaseValue(Field(outer.manifest, outer.pointer, span), scalar.pointer, scalar.text)


def _scalars(manifest: Manifest) -> Iterator[tuple[Pointer, Any]]:
    return ((pointer, value) for pointer, value in leaves(manifest.body) if not isinstance(value, (Mapping, list)))
