"""Fills in defaults and drops nulls, as an API server does.

k8s.io/apiextensions-apiserver, pkg/apiserver/schema/defaulting: algorithm.go, prunenulls.go
"""

from __future__ import annotations

import copy
from typing import Any

from agentslint.schemas.structure import Schema, additional, field, is_null_refused, items, properties


def drop_nulls(value: Any, schema: Schema | None) -> None:
    """Drop the nulls of an object, in place, that its schema neither takes nor has a default for."""
    if isinstance(value, dict):
        for key in list(value):
            inner = field(schema, key)
            if is_null_refused(value[key], inner) and (inner or {}).get("default") is None:
                del value[key]
            else:
                drop_nulls(value[key], inner)
    elif isinstance(value, list):
        for item in value:
            drop_nulls(item, items(schema))


def fill_in(value: Any, schema: Schema | None) -> None:
    """Fill in the defaults of an object, in place; a null that the schema does not take counts as absent."""
    if schema is None:
        return
    if isinstance(value, dict):
        _fill_keys(value, schema)
    elif isinstance(value, list):
        inner = items(schema)
        for number, item in enumerate(value):
            if is_null_refused(item, inner):
                value[number] = copy.deepcopy((inner or {}).get("default"))
            fill_in(value[number], inner)


def _fill_keys(value: dict[str, Any], schema: Schema) -> None:
    for key, own in properties(schema).items():
        default = own.get("default") if isinstance(own, dict) else None
        if default is not None and (key not in value or is_null_refused(value[key], own)):
            value[key] = copy.deepcopy(default)
    for key in list(value):
        if key not in properties(schema) and is_null_refused(value[key], more := additional(schema)):
            value[key] = copy.deepcopy((more or {}).get("default"))
        fill_in(value[key], field(schema, key))
