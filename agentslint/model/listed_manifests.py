"""What a parsed document is: a manifest, or a list of manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.model.manifest import ManifestHead
from agentslint.places import Pointer
from agentslint.yamlread import YamlError


def head_of(body: Mapping[str, Any]) -> ManifestHead:
    """Read the head from a parsed document."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    words = (body.get("apiVersion"), body.get("kind"), metadata.get("name") or metadata.get("generateName"), metadata.get("namespace"))
    return ManifestHead(*("" if word is None else str(word) for word in words))


def items(body: Mapping[str, Any], prefix: Pointer = ()) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """Yield the manifest itself, or each one of a `List`, with the way to it; raises YamlError for an item that is none.

    The items of a typed list (`PodList`) need not say what they are (k8s.io/apimachinery, unstructured lists).
    """
    kind, nested = str(body.get("kind", "")), body.get("items")
    if not isinstance(nested, list) or not _is_list(kind, nested):
        yield prefix, body
        return
    implied = {} if kind == "List" else {"apiVersion": body.get("apiVersion"), "kind": kind.removesuffix("List")}
    for number, item in enumerate(nested):
        if not isinstance(item, Mapping) or not (item.get("kind") or implied):
            raise YamlError(f"item {number} of this {kind} is {shape(item)}, not a manifest with apiVersion and kind", 1, 1)
        yield from items(item if item.get("kind") else {**implied, **item}, (*prefix, "items", number))


def _is_list(kind: str, nested: list[Any]) -> bool:
    """Tell a list of manifests from a resource of some kind (an `AllowList`) that has items of its own."""
    return kind == "List" or (kind.endswith("List") and all(isinstance(item, Mapping) for item in nested))


def shape(body: object) -> str:
    """Say of what kind a value is, for messages."""
    if isinstance(body, list):
        return "a list"
    return "a mapping without kind" if isinstance(body, Mapping) else f"the scalar {str(body)[:40]!r}"
