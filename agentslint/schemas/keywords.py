"""The keywords of schemas for `jsonschema`, as an API server applies them.

They follow draft 4, with differences: `nullable`, `x-kubernetes-int-or-string`, a null is held against nothing but type and enum, and
whole numbers are integers however they are written. k8s.io/kube-openapi, pkg/validation/validate
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from agentslint.schemas.formats import CHECKS, GO_BYTES, has_format
from agentslint.schemas.patterns import UnmatchableError, matches
from agentslint.schemas.structure import INT_OR_STRING
from agentslint.schemas.violations import Gap, TooManyStepsError

TellGap = Callable[[Gap, str], None]
_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_MOST = 500_000
"""Keywords that are held against one object: alternatives within alternatives double them with each level."""
_LONGEST = 4096
"""Characters of a text whose format is looked at."""


@cache
def _validator_class() -> Any:
    from jsonschema import Draft7Validator
    from jsonschema.validators import create

    taken = (
        *("maxItems", "minItems", "maxProperties", "minProperties", "maxLength", "minLength"),
        *("allOf", "anyOf", "dependencies", "patternProperties", "const"),
    )
    checks: dict[str, Any] = {name: _not_of_null(Draft7Validator.VALIDATORS[name]) for name in taken}
    checks |= {name: _not_of_null(check) for name, check in _OWN.items()}
    checks |= {"type": _type, "enum": _enum, INT_OR_STRING: _int_or_string}
    keywords = {name: _counted(check) for name, check in checks.items()}
    return create(meta_schema={}, validators=keywords, type_checker=Draft7Validator.TYPE_CHECKER)


def validator(schema: Any, tell: TellGap) -> Any:
    """Return a validator for a schema that tells what it cannot evaluate."""
    return _validator_class()(schema, format_checker=_Told(tell))


class _Told:
    """Rides along as the format checker, which validators hand on to those of their parts."""

    def __init__(self, tell: TellGap) -> None:
        self.tell = tell
        self.steps = 0


def all_errors(checker: Any, value: Any) -> Iterator[Any]:
    """Yield the errors of a value; raises TooManyStepsError."""
    checker.format_checker.steps = 0
    yield from checker.iter_errors(value)


def is_type(value: object, name: str) -> bool:
    """Tell whether a value has a type of JSON: every whole number is an integer."""
    if name == "integer":
        return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, _TYPES.get(name, object))


_TYPES: dict[str, type] = {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}


def types_of(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that a schema takes; none where it takes any."""
    if schema.get(INT_OR_STRING):
        return ("integer", "string")
    found = schema.get("type")
    return (found,) if isinstance(found, str) and found else tuple(found) if isinstance(found, list) else ()


def _error(message: str) -> Any:
    from jsonschema import ValidationError

    return ValidationError(message)


def _not_of_null(check: Callable[..., Any]) -> Callable[..., Any]:
    def checked(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        return None if instance is None else check(validator, value, instance, schema)

    return checked


def _counted(check: Callable[..., Any]) -> Callable[..., Any]:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        told = validator.format_checker
        told.steps += 1
        if told.steps > _MOST:
            raise TooManyStepsError
        return check(validator, value, instance, schema)

    return counted


def _type(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if schema.get(INT_OR_STRING):
        return
    yield from _of_types(instance, types_of(schema), schema)


def _int_or_string(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if value is True:
        yield from _of_types(instance, types_of(schema), schema)


def _of_types(instance: Any, types: tuple[str, ...], schema: Any) -> Iterator[Any]:
    if not types or (instance is None and (schema.get("nullable") or "null" in types)):
        return
    if isinstance(instance, list) and "string" in types and schema.get("format", "").replace("-", "") in CHECKS:
        return  # the API server takes a list for a text with a format
    if not any(is_type(instance, each) for each in types):
        yield _error("type")
        return
    low, high = _RANGES.get(schema.get("format"), (None, None)) if types == ("integer",) else (None, None)
    if low is not None and high is not None and not low <= instance <= high:
        yield _error(f"format {schema['format']}")


def _enum(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(value, list) and not any(_is_same(instance, each) for each in value):
        yield _error("enum")


def _is_same(one: Any, other: Any) -> bool:
    """Equal in JSON: neither is true 1, nor is a null any listed value."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None:
        return one is other and one is not None
    return bool(one == other)


def _pattern(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, str) and isinstance(value, str) and value:
        try:
            if not matches(value, instance):
                yield _error("pattern")
        except UnmatchableError:
            validator.format_checker.tell(Gap.PATTERN, value)


def _format(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    types = types_of(schema)
    if not isinstance(instance, str) or not isinstance(value, str) or (len(types) == 1 and types != ("string",)):
        return
    if len(instance) > _LONGEST and value not in ("byte", GO_BYTES):
        validator.format_checker.tell(Gap.PATTERN, value)
    elif not has_format(instance, value):
        yield _error("format")


def _minimum(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if is_type(instance, "number") and is_type(value, "number"):
        bound = int(value) if isinstance(instance, int) else value
        if instance < bound or (instance == bound and schema.get("exclusiveMinimum") is True):
            yield _error("minimum")


def _maximum(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if is_type(instance, "number") and is_type(value, "number"):
        bound = int(value) if isinstance(instance, int) else value
        if instance > bound or (instance == bound and schema.get("exclusiveMaximum") is True):
            yield _error("maximum")


def _above(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """`exclusiveMinimum` with a number, as later drafts have it."""
    if is_type(value, "number") and is_type(instance, "number") and instance <= value:
        yield _error("exclusiveMinimum")


def _below(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if is_type(value, "number") and is_type(instance, "number") and instance >= value:
        yield _error("exclusiveMaximum")


def _multiple(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if is_type(instance, "number") and is_type(value, "number") and value > 0:
        parts = instance / value if value >= 1 else instance * (1 / value)
        if abs(parts) < 2**53 and not float(parts).is_integer():
            yield _error("multipleOf")


def _properties(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, dict) and isinstance(value, dict):
        for key in instance.keys() & value.keys() if len(value) > len(instance) else [each for each in value if each in instance]:
            yield from validator.descend(instance[key], value[key], path=key, schema_path=key)


def _additional(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if not isinstance(instance, dict) or value is True:
        return
    named = schema.get("properties") or {}
    patterns = schema.get("patternProperties") or {}
    for key in instance:
        if key in named or any(_is_named(pattern, key) for pattern in patterns):
            continue
        if value is False:
            error = _error("additionalProperties")
            error.path.append(key)
            yield error
        elif isinstance(value, dict):
            yield from validator.descend(instance[key], value, path=key)


def _is_named(pattern: str, key: str) -> bool:
    try:
        return matches(pattern, key)
    except UnmatchableError:
        return True


def _required(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """The message is the key."""
    for key in value if isinstance(instance, dict) and isinstance(value, list) else ():
        if isinstance(key, str) and key not in instance:
            yield _error(key)


def _items(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    for number, item in enumerate(instance if isinstance(instance, list) and isinstance(value, dict) else ()):
        yield from validator.descend(item, value, path=number)


def _unique(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if value is True and isinstance(instance, list) and len({_canonical(item) for item in instance}) < len(instance):
        yield _error("uniqueItems")


def _canonical(value: Any) -> str:
    """The same text for values that are equal in JSON, as 1 and 1.0 are."""
    return json.dumps(_whole(value), sort_keys=True, default=str)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _one(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """The error has those of all alternatives, or none where several hold."""
    context: list[Any] = []
    fitting = 0
    for number, inner in enumerate(value):
        errors = list(validator.descend(instance, inner, schema_path=number))
        fitting += not errors
        context += errors
    if fitting != 1:
        error = _error("oneOf")
        error.context = [] if fitting else context
        for each in error.context:
            each.parent = error
        yield error


def _not(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if validator.evolve(schema=value).is_valid(instance):
        yield _error("not")


_OWN: dict[str, Callable[..., Any]] = {
    "oneOf": _one,
    "not": _not,
    "uniqueItems": _unique,
    "pattern": _pattern,
    "format": _format,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _above,
    "exclusiveMaximum": _below,
    "multipleOf": _multiple,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "required": _required,
}
