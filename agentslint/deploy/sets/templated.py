"""The strings of an object that hold templates: collected to be filled in together, and put back in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from agentslint.deploy.sets.types import VALUES, Type, resolved
from agentslint.places import Pointer

_SHOWN = 60


class Text(NamedTuple):
    """A string with its place; a `value` is one of a generator's `values`."""

    text: str
    pointer: Pointer
    value: bool = False

    @property
    def shown(self) -> str:
        """The string in a message."""
        return shown(self.text)


def shown(text: str) -> str:
    """Return a template for a message: on one line, and not all of a long one."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."


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


def static(value: Any, kind: Type) -> set[int]:
    """Return the collections in which nothing is filled in, by identity: they may stand in several objects."""
    found: set[int] = set()
    _note_static(value, resolved(kind), found)
    return found


def _note_static(value: Any, kind: Type, found: set[int]) -> bool:
    if kind == VALUES:
        return False
    kind = resolved(kind)
    if isinstance(value, str):
        return "{{" not in value
    if isinstance(value, Mapping):
        fields = kind if isinstance(kind, Mapping) else None
        inner = kind[1] if isinstance(kind, list) else "any"
        keys = fields is not None or all("{{" not in key and each is not None for key, each in value.items())
        parts = [_note_static(each, fields.get(key, "any") if fields is not None else inner, found) for key, each in value.items()]
    elif isinstance(value, list):
        keys = True
        parts = [_note_static(each, kind[1] if isinstance(kind, list) else "any", found) for each in value]
    else:
        return True
    if keys and all(parts):
        found.add(id(value))
        return True
    return False


Fill = Callable[[str], str]
Note = Callable[[Pointer, Pointer], None]
"""Takes the pointer of a scalar in the new object, and in the old one."""


class Filling(Struct, frozen=True):
    """How an object is filled in: what replaces a string, the collections that stay, and who takes note of scalars."""

    fill: Fill
    static: frozenset[int] = frozenset()
    note: Note | None = None

    def put_back(self, value: Any, kind: Type, new: Pointer = (), old: Pointer = ()) -> Any:
        """Return an object with its strings filled in; null in a mapping that is no object of Argo CD's is dropped."""
        if kind == VALUES:
            return {key: self.fill(each) for key, each in (value or {}).items()}
        if id(value) in self.static:
            return value
        kind = resolved(kind)
        if isinstance(value, Mapping):
            return dict(self._items(value, kind, new, old))
        if isinstance(value, list):
            inner = kind[1] if isinstance(kind, list) else "any"
            return [self.put_back(each, inner, (*new, number), (*old, number)) for number, each in enumerate(value)]
        if self.note:
            self.note(new, old)
        return self.fill(value) if isinstance(value, str) else value

    def _items(self, value: Mapping[str, Any], kind: Type, new: Pointer, old: Pointer) -> Iterator[tuple[str, Any]]:
        fields = kind if isinstance(kind, Mapping) else None
        inner = kind[1] if isinstance(kind, list) else "any"
        for key, each in value.items():
            if fields is not None:
                yield key, self.put_back(each, fields.get(key, "any"), (*new, key), (*old, key))
            elif each is not None:
                name = self.fill(key)
                yield name, self.put_back(each, inner, (*new, name), (*old, key))
