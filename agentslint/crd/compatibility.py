"""Compares two schemas field by field, as an API server applies the schemas of custom resources.

Structural schemas: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema.
A field that a schema no longer names is dropped when an object is written (pruning), so that it counts as refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.model import Pointer

_UNKNOWN = "x-kubernetes-preserve-unknown-fields"
_EITHER = "x-kubernetes-int-or-string"
_LOWER = ("minimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("pattern", "format", "multipleOf", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum")
_CONDITIONS = ("allOf", "anyOf", "oneOf", "not")
_RULES = "x-kubernetes-validations"
_LIST_TYPE = "x-kubernetes-list-type"
_WIDER = {("int32", "int64"), ("float", "double")}
Schema = Mapping[str, Any]


class DifferenceKind(str, Enum):
    """The kind of a difference of a version or a field."""

    ADDED = "added"
    REMOVED = "removed"
    UNSERVED = "unserved"
    REQUIRED = "required"
    CHANGED = "changed"


class SchemaDifference(Struct, frozen=True):
    """A difference of a schema. `path` is the field's in an object, "" for the object itself.

    `pointer` leads to it in the schema of today; where `missing` names a key, to where that belongs. `breaks` tells whether what was
    taken may be refused or dropped now.
    """

    path: str
    text: str
    pointer: Pointer
    missing: str = ""
    breaks: bool = True
    kind: DifferenceKind = DifferenceKind.CHANGED


def differences(old: Schema, new: Schema, path: str = "", pointer: Pointer = ()) -> Iterator[SchemaDifference]:
    """Yield the differences, those of the object itself before those of its fields."""
    here = SchemaDifference(path, "", pointer)
    was, now = _types(old), _types(new)
    if now and not (was and was <= now | ({"integer"} if "number" in now else set())):
        yield replace(here, text=f"is {_listed(now)}, was {_listed(was) or 'anything'}", pointer=(*pointer, *_key(new, "type")))
        return
    yield from _values(old, new, here)
    yield from _required(old, new, here)
    yield from _properties(old, new, here)
    yield from _inner(old, new, here)


def _values(old: Schema, new: Schema, here: SchemaDifference) -> Iterator[SchemaDifference]:
    """Differences of the allowed values."""
    for key, text in (*_flags(old, new), *_bounds(old, new), *_texts(old, new)):
        yield replace(here, text=text, pointer=(*here.pointer, *_key(new, key)))
    if old.get("default") != new.get("default"):
        text = f"has the default {new.get('default')!r}, was {old.get('default')!r}"
        yield replace(here, text=text, pointer=(*here.pointer, *_key(new, "default")), breaks=False)


def _flags(old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    if old.get("nullable") and not new.get("nullable"):
        yield "nullable", "may no longer be null"
    if old.get(_UNKNOWN) and not new.get(_UNKNOWN):
        yield _UNKNOWN, "no longer preserves unknown fields"


def _bounds(old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    for keys, way, narrower in ((_LOWER, "at least", 1), (_UPPER, "at most", -1)):
        for key in keys:
            if key in new and (key not in old or _number(new[key]) * narrower > _number(old[key]) * narrower):
                yield key, f"must be {way} {new[key]} ({key}), was {old.get(key, 'unlimited')}"


def _texts(old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    if text := _enum(old.get("enum"), new.get("enum")):
        yield "enum", text
    for key in _EXACT:
        if new.get(key) and new.get(key) != old.get(key) and (old.get(key), new.get(key)) not in _WIDER:
            yield key, f"has the {key} {new[key]}, was {old.get(key, 'unset')}"
    for key in _CONDITIONS:
        if new.get(key) and new.get(key) != old.get(key):
            yield key, f"has different conditions ({key})"
    if new.get(_LIST_TYPE) in ("set", "map") and new.get(_LIST_TYPE) != old.get(_LIST_TYPE):
        yield _LIST_TYPE, f"is a {new[_LIST_TYPE]} now, which accepts no duplicates ({_LIST_TYPE})"
    for rule in sorted(_rules(new) - _rules(old)):
        yield _RULES, f"has a new validation rule: {rule}"


def _required(old: Schema, new: Schema, here: SchemaDifference) -> Iterator[SchemaDifference]:
    """A field with a default is not required of anybody who writes an object."""
    before, now = _names(old), _names(new)
    fields, had = _mapping(new.get("properties")), _mapping(old.get("properties"))
    for number, name in enumerate(now):
        was_free = name not in before or "default" in _mapping(had.get(name))
        if was_free and "default" not in _mapping(fields.get(name)):
            pointer: Pointer = (*here.pointer, "required", number)
            yield replace(here, path=_join(here.path, name), text="is required now", pointer=pointer, kind=DifferenceKind.REQUIRED)
    for name in sorted(set(before).difference(now).intersection(fields)):
        yield replace(here, path=_join(here.path, name), text="is optional now", pointer=(*here.pointer, "properties", name), breaks=False)


def _properties(old: Schema, new: Schema, here: SchemaDifference) -> Iterator[SchemaDifference]:
    before, now = _mapping(old.get("properties")), _mapping(new.get("properties"))
    pointer: Pointer = (*here.pointer, *_key(new, "properties"))
    for name, schema in before.items():
        if name in now:
            yield from differences(_mapping(schema), _mapping(now[name]), _join(here.path, name), (*pointer, name))
        elif not (new.get(_UNKNOWN) or new.get("additionalProperties")):
            gone = replace(here, path=_join(here.path, name), text="was removed", kind=DifferenceKind.REMOVED)
            yield replace(gone, pointer=pointer, missing=name)
    for name, schema in now.items():
        if name not in before:
            added = replace(here, path=_join(here.path, name), text="was added", kind=DifferenceKind.ADDED)
            yield replace(added, pointer=(*pointer, name), breaks=False)
            if old.get(_UNKNOWN) or old.get("additionalProperties"):
                free = _mapping(old.get("additionalProperties"))
                yield from (each for each in differences(free, _mapping(schema), _join(here.path, name), (*pointer, name)) if each.breaks)


def _inner(old: Schema, new: Schema, here: SchemaDifference) -> Iterator[SchemaDifference]:
    """Items of a list, and values under free keys."""
    for key, mark in (("items", "[]"), ("additionalProperties", ".*")):
        before, now = old.get(key), new.get(key)
        pointer: Pointer = (*here.pointer, *_key(new, key))
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            yield from differences(before, now, here.path + mark, pointer)
        elif isinstance(now, Mapping) and (before is True or (key == "additionalProperties" and old.get(_UNKNOWN))):
            yield from differences({}, now, here.path + mark, pointer)
        elif key == "additionalProperties" and before and not now and not new.get(_UNKNOWN):
            yield replace(here, text="no longer accepts other keys", pointer=pointer)


def _types(schema: Schema) -> set[str]:
    if schema.get(_EITHER):
        return {"integer", "string"}
    return {str(schema["type"])} if schema.get("type") else set()


def _mapping(value: Any) -> Schema:
    """A malformed part restricts nothing: the API server refuses the definition itself."""
    return value if isinstance(value, Mapping) else {}


def _names(schema: Schema) -> list[str]:
    names = schema.get("required")
    return [str(name) for name in names] if isinstance(names, list) else []


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _enum(old: Any, new: Any) -> str:
    if not isinstance(new, list):
        return ""
    if not isinstance(old, list):
        return f"accepts only {_listed(new)}"
    lost = [value for value in old if value not in new]
    return f"no longer accepts {_listed(lost)}" if lost else ""


def _rules(schema: Schema) -> set[str]:
    rows = schema.get(_RULES)
    return {str(row.get("rule", "")) for row in rows if isinstance(row, Mapping)} if isinstance(rows, list) else set()


def _key(schema: Schema, key: str) -> Pointer:
    """The key, where it is written; else the schema that lacks it."""
    return (key,) if key in schema else ()


def _listed(values: Any) -> str:
    return " or ".join(sorted(map(str, values)))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
