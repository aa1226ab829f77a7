"""The errors of a validator in words: one violation for one fault, whatever number of errors it makes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from agentslint.places import Pointer
from agentslint.schemas.keywords import is_type, types_of
from agentslint.schemas.structure import INT_OR_STRING
from agentslint.schemas.violations import Broken, Violation

_LONGEST = 40
_LISTED = 8
_VALUES = ("enum", "const")
_TYPES = ("type", INT_OR_STRING)
_ARTICLES = {"integer": "an integer", "number": "a number", "string": "a text", "boolean": "true or false", "object": "a mapping"}
_ARTICLES |= {"array": "a list", "null": "null"}
Error = Any
"""A `jsonschema.ValidationError`."""


def violations(errors: Iterable[Error], *, hidden: bool = False) -> list[Violation]:
    """Put errors into words; with `hidden`, without the values that they are about."""
    words = _Words(hidden)
    found = list(dict.fromkeys(each for error in errors for each in words.of(error)))
    wrong = [each.pointer for each in found if each.breach is Broken.TYPE]
    return [each for each in found if not any(_follows(each, pointer) for pointer in wrong)]


def _follows(violation: Violation, wrong: Pointer) -> bool:
    """Whether a violation is only what follows from a wrong type."""
    return violation.pointer[: len(wrong)] == wrong and violation.breach is not Broken.TYPE


class _Words:
    def __init__(self, hidden: bool) -> None:
        self.hidden = hidden

    def of(self, error: Error) -> Iterator[Violation]:
        here: Pointer = tuple(error.absolute_path)
        if error.validator in ("anyOf", "oneOf"):
            yield from self._of_choice(error, here)
        elif error.validator == "not":
            yield Violation(here, _forbidden(error.validator_value), Broken.VALUE)
        elif error.validator == "required":
            yield Violation(here, f"needs {error.message}", Broken.REQUIRED, error.message)
        elif error.validator == "additionalProperties":
            yield Violation(here, "is no field here", Broken.UNKNOWN)
        else:
            yield self._of_value(error, here)

    def _of_value(self, error: Error, here: Pointer) -> Violation:
        value, wanted = error.instance, error.validator_value
        if error.validator in _TYPES:
            if error.message.startswith("format "):
                return Violation(here, f"must fit into {error.message[7:]}{self._unlike(value)}", Broken.VALUE)
            return self._of_type(here, value, types_of(error.schema))
        if error.validator == "enum":
            return Violation(here, f"must be {_choice(wanted)}{self._unlike(value)}", Broken.ENUM)
        said = _SAID.get(error.validator, lambda value, wanted, schema: f"breaks {error.validator}: {_shown(wanted)}")
        breach = {"maxLength": Broken.LONG, "maxItems": Broken.MANY, "maxProperties": Broken.MANY}.get(error.validator, Broken.VALUE)
        is_scalar = not isinstance(value, (dict, list))
        return Violation(here, said(value, wanted, error.schema) + (self._unlike(value) if is_scalar else ""), breach)

    def _of_type(self, here: Pointer, value: Any, types: Sequence[str]) -> Violation:
        wanted = " or ".join(_ARTICLES.get(each, each) for each in types)
        return Violation(here, f"must be {wanted}, not {self._called(value)}", Broken.TYPE, advice=_quoting(value, types))

    def _called(self, value: Any) -> str:
        """A value with its type: the text '80', the number 80, a list."""
        if isinstance(value, (dict, list)) or value is None:
            return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "null"
        name = "text" if isinstance(value, str) else "boolean" if isinstance(value, bool) else "number"
        return f"a {name}" if self.hidden else f"the {name} {_shown(value)}"

    def _unlike(self, value: Any) -> str:
        return "" if self.hidden else f", not {_shown(value)}"

    def _of_choice(self, error: Error, here: Pointer) -> Iterator[Violation]:
        if not error.context:
            yield Violation(here, _too_many(error.validator_value, error.instance), Broken.VALUE)
            return
        branches: dict[Any, list[Error]] = {}
        for each in error.context:
            branches.setdefault(each.relative_schema_path[0], []).append(each)
        yield from self._of_branches(list(branches.values()), here)

    def _of_branches(self, branches: list[list[Error]], here: Pointer) -> Iterator[Violation]:
        """Of alternatives that all fail, tell what they have in common, else what is wrong with the nearest one."""
        fitting = [errors for errors in branches if not any(_is_about_type(each, here) for each in errors)]
        if not fitting:
            errors = [each for errors in branches for each in errors if _is_about_type(each, here)]
            types = list(dict.fromkeys(name for each in errors for name in types_of(each.schema)))
            yield self._of_type(here, errors[0].instance, types)
        elif all(each.validator == "required" and _at(each) == here for errors in fitting for each in errors) and len(fitting) > 1:
            sets = dict.fromkeys(" with ".join(each.message for each in errors) for errors in fitting)
            yield Violation(here, f"needs one of {', '.join(sets)}", Broken.REQUIRED, fitting[0][0].message)
        elif chosen := [errors for errors in fitting if not any(each.validator in _VALUES for each in errors)]:
            # Where a value tells the alternatives apart, this is the one that was meant.
            nearest = max(chosen, key=lambda errors: (min(len(_at(each)) for each in errors), -len(errors)))
            yield from (violation for each in nearest for violation in self.of(each))
        else:
            listed = [next(each for each in errors if each.validator in _VALUES) for errors in fitting]
            values = [value for each in listed if _at(each) == _at(listed[0]) for value in _values(each)]
            text = f"must be {_choice(list(dict.fromkeys(map(_shown, values))), shown=True)}{self._unlike(listed[0].instance)}"
            yield Violation(_at(listed[0]), text, Broken.ENUM)


def _at(error: Error) -> Pointer:
    return tuple(error.absolute_path)


def _is_about_type(error: Error, here: Pointer) -> bool:
    return error.validator in _TYPES and _at(error) == here


def _values(error: Error) -> list[Any]:
    return list(error.validator_value) if error.validator == "enum" else [error.validator_value]


def _too_many(branches: Any, instance: Any) -> str:
    """More than one alternative of `oneOf` holds."""
    keys = [key for branch in branches if isinstance(branch, dict) for key in branch.get("required") or () if isinstance(key, str)]
    there = [key for key in dict.fromkeys(keys) if isinstance(instance, dict) and key in instance]
    return f"must have only one of {', '.join(there)}" if len(there) > 1 else "must fit exactly one alternative (oneOf), and fits several"


def _forbidden(schema: Any) -> str:
    keys = schema.get("required") if isinstance(schema, dict) else None
    if isinstance(keys, list) and keys and not set(schema) - {"required", "type"}:
        return f"must not have {' together with '.join(map(str, keys))}"
    return f"must not fit {_shown(schema)} (not)"


def _quoting(value: Any, types: Sequence[str]) -> str:
    if "string" in types:
        return "" if isinstance(value, (dict, list)) or value is None else "put it in quotes"
    if isinstance(value, str) and any(is_type(_plain(value), each) for each in types):
        return "write it without quotes"
    return ""


def _plain(text: str) -> Any:
    """The value of a text without its quotes, as JSON has it."""
    try:
        return json.loads(text) if len(text) <= _LONGEST else text
    except ValueError:
        return text


def _choice(values: Any, *, shown: bool = False) -> str:
    texts = [each if shown else _shown(each) for each in (values if isinstance(values, list) else [values])]
    more = f" or {len(texts) - _LISTED} others" if len(texts) > _LISTED else ""
    return ("one of " if len(texts) > 1 else "") + ", ".join(texts[:_LISTED]) + more


def _shown(value: Any) -> str:
    """Read no further than it is shown: a schema may contain itself."""
    if isinstance(value, (dict, list)):
        text, closing = "", "}" if isinstance(value, dict) else "]"
        for piece in json.JSONEncoder(check_circular=False, default=str).iterencode(value):
            text += piece
            if len(text) > _LONGEST:
                return f"{text[: _LONGEST - 4]}...{closing}"
        return text
    text = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]}...{text[-1]}"


def _counted(value: Any, number: Any, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}, not {len(value)}"


_SAID: dict[str, Callable[[Any, Any, Any], str]] = {
    "pattern": lambda value, wanted, schema: f"must match {wanted}",
    "format": lambda value, wanted, schema: f"must have the format {wanted}",
    "minimum": lambda value, wanted, schema: f"must be {'more than' if schema.get('exclusiveMinimum') is True else 'at least'} {wanted}",
    "maximum": lambda value, wanted, schema: f"must be {'less than' if schema.get('exclusiveMaximum') is True else 'at most'} {wanted}",
    "exclusiveMinimum": lambda value, wanted, schema: f"must be more than {wanted}",
    "exclusiveMaximum": lambda value, wanted, schema: f"must be less than {wanted}",
    "multipleOf": lambda value, wanted, schema: f"must be a multiple of {wanted}",
    "minLength": lambda value, wanted, schema: "must not be empty" if wanted == 1 else f"must have at least {wanted} characters",
    "maxLength": lambda value, wanted, schema: f"must have at most {wanted} characters",
    "minItems": lambda value, wanted, schema: f"must have at least {_counted(value, wanted, 'item')}",
    "maxItems": lambda value, wanted, schema: f"must have at most {_counted(value, wanted, 'item')}",
    "minProperties": lambda value, wanted, schema: f"must have at least {_counted(value, wanted, 'key')}",
    "maxProperties": lambda value, wanted, schema: f"must have at most {_counted(value, wanted, 'key')}",
    "uniqueItems": lambda value, wanted, schema: "must not hold an item twice",
    "const": lambda value, wanted, schema: f"must be {_shown(wanted)}",
    "dependencies": lambda value, wanted, schema: "lacks a field that another one needs (dependencies)",
}
