"""Drops the fields that a schema does not know, as an API server does before it stores an object.

k8s.io/apiextensions-apiserver, pkg/apiserver/schema/pruning/algorithm.go
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentslint.places import Pointer
from agentslint.schemas.structure import EMBEDDED, META, PRESERVE, Schema, field, items, properties, takes_more


def pruned(body: dict[str, Any], schema: Schema) -> list[Pointer]:
    """Drop the unknown fields of an object, in place; returns the ways to them."""
    return list(_pruned(body, {**schema, EMBEDDED: True}, ()))


def _pruned(value: Any, schema: Schema | None, here: Pointer) -> Iterator[Pointer]:
    """Without a schema, every key goes."""
    if isinstance(value, list):
        inner = items(schema)
        preserved = schema is not None and bool(schema.get(PRESERVE))
        for number, item in enumerate(value):
            if not preserved:
                yield from _pruned(item, inner, (*here, number))
            elif inner is not None:
                yield from _preserved(item, inner, (*here, number))
    elif isinstance(value, dict):
        yield from _preserved(value, schema, here) if schema and schema.get(PRESERVE) else _of_keys(value, schema, here)


def _of_keys(value: dict[str, Any], schema: Schema | None, here: Pointer) -> Iterator[Pointer]:
    named = properties(schema)
    for key in list(value):
        if schema and schema.get(EMBEDDED) and key in META:
            continue
        if key in named or (schema and takes_more(schema)):
            yield from _pruned(value[key], field(schema, key), (*here, key))
        else:
            if key not in META or here:
                yield (*here, key)
            del value[key]


def _preserved(value: Any, schema: Schema, here: Pointer) -> Iterator[Pointer]:
    """Keep what is unknown; what is known has a schema of its own again."""
    if isinstance(value, list):
        inner = items(schema)
        for number, item in enumerate(value if inner is not None else ()):
            yield from _preserved(item, inner or {}, (*here, number))
    elif isinstance(value, dict):
        named = properties(schema)
        for key in list(value):
            if not (schema.get(EMBEDDED) and key in META) and (key in named or takes_more(schema)):
                yield from _pruned(value[key], field(schema, key), (*here, key))
