"""The fields of Applications and ApplicationSets, and their types: Argo CD drops what it does not know, and refuses other types.

`types.json` is made from Argo CD's Go types (tests/deploy/argocd/oracle). A type is a name, ["list", type], ["map", type], or the
fields of an object; a name with `@` stands for a type of that file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from agentslint import files
from agentslint.deploy.sets.go_text import printed
from agentslint.places import Pointer

Type = Any
"""A type, as `types.json` has it."""
_PYTHON: Mapping[str, tuple[type, ...]] = {"string": (str,), "bool": (bool,), "int": (int, float), "int or string": (int, float, str)}
VALUES = "values"
"""The type of a generator's `values`: texts by name, which are filled in with what the generator itself finds."""
_TEXTS = ["map", "string"]
_WORDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "text"),
    (Mapping, "a mapping"),
    (list, "a list"),
)


class Mismatch(NamedTuple):
    """A value of another type than its field's."""

    pointer: Pointer
    found: str
    expected: str


@cache
def _known() -> dict[str, Type]:
    known: dict[str, Type] = json.loads(files.read(Path(__file__).with_name("types.json")))
    for fields in known["@generator"].values():
        if isinstance(fields, dict) and "values" in fields:
            fields["values"] = VALUES
    return known


def type_of(name: str) -> Type:
    """Return a type by its name: `@application`, `@set` or `@generator`."""
    return _known()[name]


def resolved(kind: Type) -> Type:
    """Return a type itself, where `kind` is its name."""
    return _TEXTS if kind == VALUES else _known()[kind] if isinstance(kind, str) and kind.startswith("@") else kind


def fitted(value: Any, kind: Type) -> Any:
    """Return a value without unknown fields, nulls and values of another type; None where nothing is left.

    A number or a boolean becomes the text that Argo CD would read, where it reads the file itself.
    """
    kind = resolved(kind)
    if value is None or kind == "any":
        return value
    if isinstance(kind, str):
        return value if _is_a(value, kind) else printed(value) if kind == "string" and isinstance(value, (bool, int, float)) else None
    if isinstance(kind, Mapping):
        return _fitted_object(value, kind) if isinstance(value, Mapping) else None
    form, inner = kind
    if form == "list":
        return [_whole(each, inner) for each in value] if isinstance(value, list) else None
    return {key: _whole(each, inner) for key, each in value.items()} if isinstance(value, Mapping) else None


def _whole(value: Any, kind: Type) -> Any:
    """In a collection, what is null or of another type is as good as empty."""
    found = fitted(value, kind)
    if found is not None or kind == "any":
        return found
    kind = resolved(kind)
    if isinstance(kind, Mapping):
        return {}
    return {"string": "", "bool": False}.get(kind, 0) if isinstance(kind, str) else [] if kind[0] == "list" else {}


def _fitted_object(value: Mapping[str, Any], fields: Mapping[str, Type]) -> dict[str, Any]:
    known = ((key, fitted(each, fields[key])) for key, each in value.items() if key in fields)
    return {key: each for key, each in known if each is not None}


def mismatches(value: Any, kind: Type, pointer: Pointer = ()) -> Iterator[Mismatch]:
    """Yield what has another type than Argo CD expects."""
    kind = resolved(kind)
    if value is None or kind == "any":
        return
    if isinstance(kind, str):
        if not _is_a(value, kind):
            yield Mismatch(pointer, word(value), {"string": "text", "bool": "a boolean", "int": "a number"}.get(kind, "a number or text"))
    elif isinstance(kind, Mapping):
        if not isinstance(value, Mapping):
            yield Mismatch(pointer, word(value), "a mapping")
            return
        for key, each in value.items():
            if key in kind:
                yield from mismatches(each, kind[key], (*pointer, key))
    else:
        yield from _in_collection(value, kind, pointer)


def _in_collection(value: Any, kind: list[Type], pointer: Pointer) -> Iterator[Mismatch]:
    form, inner = kind
    if form == "list" and isinstance(value, list):
        for number, each in enumerate(value):
            yield from mismatches(each, inner, (*pointer, number))
    elif form == "map" and isinstance(value, Mapping):
        for key, each in value.items():
            yield from mismatches(each, inner, (*pointer, key))
    else:
        yield Mismatch(pointer, word(value), "a list" if form == "list" else "a mapping")


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "bool"
    if isinstance(value, float) and kind == "int":
        return value.is_integer()
    return isinstance(value, _PYTHON[kind])


def word(value: Any) -> str:
    """Say what a value is."""
    return next((name for kind, name in _WORDS if isinstance(value, kind)), "nothing")
