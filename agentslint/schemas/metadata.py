"""The metadata of objects, and of objects inside of objects: the same fields everywhere, whatever a definition says.

k8s.io/apimachinery, pkg/apis/meta/v1/types.go (ObjectMeta); k8s.io/apiextensions-apiserver, pkg/apiserver/schema/objectmeta
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentslint.places import Pointer
from agentslint.schemas.structure import EMBEDDED, PRESERVE, Schema, field, items
from agentslint.schemas.violations import Broken, Violation

_TEXT = {"type": "string"}
_TEXTS = {"type": "object", "additionalProperties": _TEXT}
_FREE = {PRESERVE: True}
_OWNER = {
    "type": "object",
    "properties": {**dict.fromkeys(("apiVersion", "kind", "name", "uid"), _TEXT)}
    | {key: {"type": "boolean"} for key in ("controller", "blockOwnerDeletion")},
}
OBJECT_META: Schema = {
    "type": "object",
    "properties": {
        **dict.fromkeys(
            ("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"), _TEXT
        ),
        "generation": {"type": "integer"},
        "deletionGracePeriodSeconds": {"type": "integer"},
        **dict.fromkeys(("labels", "annotations"), _TEXTS),
        "finalizers": {"type": "array", "items": _TEXT},
        "ownerReferences": {"type": "array", "items": _OWNER},
        "managedFields": {"type": "array", "items": _FREE},
    },
}
"""The schema of `metadata`."""


def embedded(value: Any, schema: Schema | None, here: Pointer = ()) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Yield the objects inside of an object that a schema says are objects of the API, each with the way to it."""
    if schema is None:
        return
    if isinstance(value, dict):
        if schema.get(EMBEDDED):
            yield here, value
        for key, inner in value.items():
            yield from embedded(inner, field(schema, key), (*here, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from embedded(item, items(schema), (*here, number))


def headless(body: dict[str, Any], here: Pointer) -> Iterator[Violation]:
    """Yield what is wrong with `apiVersion` and `kind` of an object inside of another."""
    for key in ("apiVersion", "kind"):
        if key not in body:
            yield Violation(here, f"needs {key}, as it is an object of its own", Broken.REQUIRED, key)
        elif not isinstance(body[key], str) or not body[key]:
            yield Violation((*here, key), "must be a text that is not empty", Broken.VALUE)
