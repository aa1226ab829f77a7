"""The differences between two versions of a CustomResourceDefinition, and which of them break users of the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.crd.compatibility import DifferenceKind, SchemaDifference, differences
from agentslint.model import Field, Manifest, Pointer


class ApiDifference(Struct, frozen=True):
    """A difference in one `version` of the API or ("") in the whole definition. `field` is its place in today's definition."""

    version: str
    path: str
    text: str
    breaks: bool
    field: Field
    kind: DifferenceKind = DifferenceKind.CHANGED

    def __str__(self) -> str:
        return " ".join(part for part in (self.version, self.path, self.text) if part)


def api_differences(base: Manifest, head: Manifest) -> Iterator[ApiDifference]:
    """Compare two definitions of one API: the whole, its versions, then the schema of each version that both have."""
    yield from _whole(base, head)
    before, now = _versions(base), _versions(head)
    for name, (_, old) in before.items():
        if name in now:
            yield from _version(name, old, now[name][1], head, now[name][0])
        else:
            place = Field(head, ("spec", "versions"), missing=name)
            yield ApiDifference(name, "", "was removed", _is_served(old), place, DifferenceKind.REMOVED)
    for name, (pointer, _) in now.items():
        if name not in before:
            yield ApiDifference(name, "", "was added", False, Field(head, (*pointer, "name")), DifferenceKind.ADDED)
    for name in (name for name in before if name in now):
        yield from _subresources(name, base, head)
        yield from _schema(name, base, head)


def _whole(base: Manifest, head: Manifest) -> Iterator[ApiDifference]:
    pointers: tuple[Pointer, ...] = (("spec", "group"), ("spec", "scope"), ("spec", "names", "kind"), ("spec", "names", "plural"))
    for pointer in pointers:
        if base.at(pointer) != head.at(pointer):
            text = f"is {head.at(pointer)}, was {base.at(pointer)}"
            yield ApiDifference("", ".".join(map(str, pointer[1:])), text, True, Field(head, pointer))


def _version(name: str, old: Any, new: Any, head: Manifest, pointer: Pointer) -> Iterator[ApiDifference]:
    if _is_served(old) != _is_served(new):
        text, kind = ("is served now", DifferenceKind.CHANGED) if _is_served(new) else ("is no longer served", DifferenceKind.UNSERVED)
        yield ApiDifference(name, "", text, not _is_served(new), Field(head, (*pointer, "served")), kind)
    if bool(old.get("storage")) != bool(new.get("storage")):
        text = "is the storage version now" if new.get("storage") else "is no longer the storage version"
        yield ApiDifference(name, "", text, False, Field(head, (*pointer, "storage")))


def _subresources(name: str, base: Manifest, head: Manifest) -> Iterator[ApiDifference]:
    """`status` and `scale`; in apiextensions.k8s.io/v1beta1 all versions may share them."""
    now = _pointer_to_subresources(head, name)
    for each in _mapping(base.at(_pointer_to_subresources(base, name))):
        if each not in _mapping(head.at(now)):
            missing = (now, each) if isinstance(head.at(now), Mapping) else (now[:-1], now[-1])
            yield ApiDifference(name, "", f"no longer has the subresource {each}", True, Field(head, missing[0], missing=str(missing[1])))


def _schema(name: str, base: Manifest, head: Manifest) -> Iterator[ApiDifference]:
    before, now = _pointer_to_schema(base, name), _pointer_to_schema(head, name)
    old, new = base.at(before), head.at(now)
    if not isinstance(new, Mapping):
        if isinstance(old, Mapping):
            yield ApiDifference(name, "", "no longer has a schema", False, Field(head, now[:-2], missing="schema"))
        return
    used = _is_used(_versions(base)[name][1])
    for found in differences(_mapping(old), new):
        yield ApiDifference(name, found.path, found.text, found.breaks and used, _field(head, now, found), found.kind)


def _field(head: Manifest, schema: Pointer, found: SchemaDifference) -> Field:
    return Field(head, (*schema, *found.pointer), missing=found.missing)


def _versions(manifest: Manifest) -> dict[str, tuple[Pointer, Mapping[str, Any]]]:
    rows = manifest.at(("spec", "versions"))
    return {
        str(row.get("name")): (("spec", "versions", number), row)
        for number, row in enumerate(rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
    }


def _pointer_to_schema(manifest: Manifest, name: str) -> Pointer:
    """In apiextensions.k8s.io/v1beta1 all versions may share one schema."""
    own: Pointer = (*_versions(manifest)[name][0], "schema", "openAPIV3Schema")
    shared: Pointer = ("spec", "validation", "openAPIV3Schema")
    return shared if manifest.at(own) is None and manifest.at(shared) is not None else own


def _pointer_to_subresources(manifest: Manifest, name: str) -> Pointer:
    own: Pointer = (*_versions(manifest)[name][0], "subresources")
    shared: Pointer = ("spec", "subresources")
    return shared if manifest.at(own) is None and manifest.at(shared) is not None else own


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_used(version: Mapping[str, Any]) -> bool:
    """A version that is only stored prunes and refuses, too: an object of another version is converted into it."""
    return _is_served(version) or bool(version.get("storage"))


def _is_served(version: Mapping[str, Any]) -> bool:
    return bool(version.get("served", True))
