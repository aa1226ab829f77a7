"""The parts of a structural schema. A malformed part restricts nothing: the API server refuses the definition itself.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
PRESERVE = "x-kubernetes-preserve-unknown-fields"
EMBEDDED = "x-kubernetes-embedded-resource"
INT_OR_STRING = "x-kubernetes-int-or-string"
LIST_TYPE = "x-kubernetes-list-type"
LIST_KEYS = "x-kubernetes-list-map-keys"
RULES = "x-kubernetes-validations"
META = ("apiVersion", "kind", "metadata")


def properties(schema: Schema | None) -> dict[str, Any]:
    """The named fields of an object, each with its schema."""
    found = schema.get("properties") if schema else None
    return found if isinstance(found, dict) else {}


def takes_more(schema: Schema) -> bool:
    """Whether an object has keys beside its named fields."""
    found = schema.get("additionalProperties")
    return isinstance(found, dict) or found is True


def additional(schema: Schema | None) -> Schema | None:
    """The schema of the values under other keys; None where there are none, or nothing is known of them."""
    found = schema.get("additionalProperties") if schema else None
    return found if isinstance(found, dict) else None


def items(schema: Schema | None) -> Schema | None:
    """The schema of the items of a list."""
    found = schema.get("items") if schema else None
    return found if isinstance(found, dict) else None


def field(schema: Schema | None, key: str) -> Schema | None:
    """The schema of the value under a key: that of the named field, else that of other keys."""
    found = properties(schema).get(key)
    return found if isinstance(found, dict) else additional(schema)


def is_null_refused(value: object, schema: Schema | None) -> bool:
    """Tell whether a value is a null that its schema does not take."""
    return value is None and schema is not None and not schema.get("nullable")
