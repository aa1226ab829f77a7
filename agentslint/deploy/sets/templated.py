"""The strings of an object that hold templates: collected to be filled in together, and put back in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from agentslint.deploy.sets.types import VALUES, Type, resolved
from agentslint.places import Pointer


class Text(NamedTuple):
    """A string with its place; a `value` is one of a generator's `values`."""

    text: str
    pointer: Pointer
    value: bool = False


def texts(value: Any, kind: Type, pointer: Pointer = ()) -> Iterator[Text]:
    """Yield the strings of an object that Argo CD fills in: all values, and the keys of mappings that are no objects of its own."""
    if kind == VALUES:
        yield from (Text(each, (*pointer, key), True) for key, each in (value or {}).items())
        return
    kind = resolved(kind)
    if isinstance(value, str):
        yield Text(value, pointer)
    elif isinstance(value, Mapping):
        fields = kind if isinstance(kind, Mapping) else None
        inner = kind[1] if isinstance(kind, list) else "any"
        for key, each in value.items():
            if fields is None and each is not None:
                yield Text(key, (*pointer, key))
            yield from texts(each, fields.get(key, "any") if fields is not None else inner, (*pointer, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from texts(each, kind[1] if isinstance(kind, list) else "any", (*pointer, number))


Fill = Callable[[str], str]
Note = Callable[[Pointer, Pointer], None]
"""Takes the pointer of a scalar in the new object, and in the old one."""


def put_back(value: Any, kind: Type, fill: Fill, note: Note | None = None, new: Pointer = (), old: Pointer = ()) -> Any:
    """Return an object with its strings filled in; null in a mapping that is no object of Argo CD's is dropped."""
    if kind == VALUES:
        return {key: fill(each) for key, each in (value or {}).items()}
    kind = resolved(kind)
    if isinstance(value, Mapping):
        return dict(_items(value, kind, fill, note, new, old))
    if isinstance(value, list):
        inner = kind[1] if isinstance(kind, list) else "any"
        return [put_back(each, inner, fill, note, (*new, number), (*old, number)) for number, each in enumerate(value)]
    if note:
        note(new, old)
    return fill(value) if isinstance(value, str) else value


def _items(value: Mapping[str, Any], kind: Type, fill: Fill, note: Note | None, new: Pointer, old: Pointer) -> Iterator[tuple[str, Any]]:
    fields = kind if isinstance(kind, Mapping) else None
    inner = kind[1] if isinstance(kind, list) else "any"
    for key, each in value.items():
        if fields is not None:
            yield key, put_back(each, fields.get(key, "any"), fill, note, (*new, key), (*old, key))
        elif each is not None:
            name = fill(key)
            yield name, put_back(each, inner, fill, note, (*new, name), (*old, key))
