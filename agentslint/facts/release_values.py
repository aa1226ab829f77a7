"""Values that a resource hands to a Helm release in the cluster: Flux's HelmRelease, Argo CD's Applications, k3s' HelmChart, Crossplane.

Some hold them as an object, which kustomize writes anew, others as a text, which helm reads itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from agentslint.authorship.given_names import unhashed
from agentslint.facts.named_places import leaves
from agentslint.model import Field, Manifest, Pointer
from agentslint.places import by_name

_KINDS = frozenset({"HelmRelease", "Application", "ApplicationSet", "HelmChart", "HelmChartConfig", "Release", "Bundle", "HelmOp"})
_OBJECTS: tuple[tuple[str, Pointer], ...] = (
    ("HelmRelease", ("spec", "values")),
    ("Release", ("spec", "forProvider", "values")),
    ("Application", ("helm", "valuesObject")),
    ("ApplicationSet", ("helm", "valuesObject")),
    ("Bundle", ("helm", "values")),
    ("HelmOp", ("helm", "values")),
)
_FLAGS: tuple[tuple[str, Pointer], ...] = (("HelmChart", ("spec", "set")),)
"""Mappings of ways as `helm --set` has them (`image.tag`) to values."""
_PARAMETERS: tuple[tuple[str, Pointer], ...] = (
    ("Application", ("helm", "parameters")),
    ("ApplicationSet", ("helm", "parameters")),
    ("Release", ("forProvider", "set")),
)
"""Lists of such ways and values."""
_TEXTS: tuple[tuple[str, Pointer], ...] = (
    ("Application", ("helm", "values")),
    ("ApplicationSet", ("helm", "values")),
    ("HelmChart", ("spec", "valuesContent")),
    ("HelmChartConfig", ("spec", "valuesContent")),
)
_LONGEST = 200_000
"""Characters of a text that is still read."""


class ReleaseValue(Struct, frozen=True):
    """A scalar among the values of a release: `path` leads to it in the values (list items by name), `field` is where it stands.

    A `flag` is handed over as its text, as by `helm --set`: helm prints an integer as it stands there.
    """

    field: Field
    path: Pointer
    text: str
    flag: bool = False

    @property
    def key(self) -> str:
        """The last key on the way to it."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


def hands_values(manifest: Manifest) -> bool:
    """Tell whether a manifest may hold the values of a release."""
    return manifest.kind in _KINDS


def values_of_release(kind: str, key_path: Pointer) -> Pointer | None:
    """Return the way to a scalar in the values of a release, given its way in a resource of a kind, or in a List; None where it is none."""
    paths = (_below(key_path, holder) for its_kind, holder in _OBJECTS if kind in (its_kind, "List"))
    return next((path for path in paths if path), None) or _way_of_flag(kind, key_path)


def _way_of_flag(kind: str, key_path: Pointer) -> Pointer | None:
    for its_kind, holder in _FLAGS:
        if kind in (its_kind, "List") and (path := _below(key_path, holder)):
            return path
    for its_kind, holder in _PARAMETERS:
        path = _below(key_path, holder) if kind in (its_kind, "List") else ()
        if path[1:] == ("value",) and isinstance(path[0], str):
            return (path[0].removeprefix("[").removesuffix("]"),)
    return None


def _below(key_path: Pointer, holder: Pointer) -> Pointer:
    """The way onward from a holder, wherever that stands; empty where it is not on the way."""
    ends = (at + len(holder) for at in range(len(key_path) - len(holder)) if key_path[at : at + len(holder)] == holder)
    return next((key_path[end:] for end in ends), ())


def object_values(manifests: Sequence[Manifest]) -> Iterator[ReleaseValue]:
    """Yield the scalars of values that are objects, as they are rendered."""
    for manifest in manifests:
        if hands_values(manifest):
            for pointer, value in _scalars(manifest):
                names = by_name(manifest.body, pointer)
                if path := values_of_release(manifest.kind, names):
                    flag = _way_of_flag(manifest.kind, names) is not None
                    yield ReleaseValue(Field(manifest, pointer), path, str(value), flag)


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
