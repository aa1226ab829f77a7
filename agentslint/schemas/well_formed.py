"""Drops malformed keywords from a schema: the API server refuses such a definition, so that they restrict nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_type(value: Any) -> bool:
    return value in _TYPES if isinstance(value, str) else isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list_of(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(isinstance(each, kind) for each in value)


def _is_limit(value: Any) -> bool:
    return isinstance(value, bool) or _is_number(value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_dependencies(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_object(each) or _are_texts(each) for each in value.values())


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("properties", "patternProperties", "items", "not"), _is_object),
    **dict.fromkeys(("minimum", "maximum"), _is_number),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _is_limit),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _is_size),
    **dict.fromkeys(("pattern", "format"), _is_text),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _is_list_of(dict)),
    "additionalProperties": lambda value: isinstance(value, (dict, bool)),
    "dependencies": _is_dependencies,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "required": _is_list_of(str),
    "type": _is_type,
    "uniqueItems": lambda value: isinstance(value, bool),
}
_MOST, _LONGEST = 20, 200
"""Malformed parts of a schema that are named, and characters of the way to one."""
_OF_KEYS = ("properties", "patternProperties")
_OF_LISTS = ("allOf", "anyOf", "oneOf")


def well_formed(schema: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """Drop the malformed keywords of a schema and of its parts, in place; returns the schema, which may contain itself.

    `malformed` takes the way to each of them (`properties.spec.required`), the first 20.
    """
    waiting, done = [(schema, "")], {id(schema)}
    while waiting:
        here, way = waiting.pop()
        for name in [name for name, value in here.items() if name in _CHECKS and not _CHECKS[name](value)]:
            if here.pop(name) not in ([], None):
                _add(malformed, _way(way, name))
        for step, inner in _parts(here, way, malformed):
            if id(inner) not in done:
                done.add(id(inner))
                waiting.append((inner, _way(way, step)))
    return schema


def _parts(schema: dict[str, Any], way: str, malformed: list[str]) -> list[tuple[str, dict[str, Any]]]:
    parts = [(name, schema[name]) for name in ("items", "additionalProperties", "not") if isinstance(schema.get(name), dict)]
    for name in _OF_KEYS:
        inner = schema.get(name, {})
        for key in [key for key, value in inner.items() if not isinstance(value, dict)]:
            inner[key] = {}
            _add(malformed, _way(way, f"{name}.{key}"))
        parts += [(f"{name}.{key}", value) for key, value in inner.items()]
    return parts + [(f"{name}[{number}]", each) for name in _OF_LISTS for number, each in enumerate(schema.get(name, ()))]


def _way(way: str, step: str) -> str:
    """The way to a part: of a long one, its end."""
    return f"{way}.{step}".lstrip(".")[-_LONGEST:]


def _add(malformed: list[str], way: str) -> None:
    if len(malformed) < _MOST:
        malformed.append(way)
