"""Where to point at what is gone, or is but a number, in a definition that a chart renders: only texts are found in templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentslint.fleet import Fleet
from agentslint.model import Field


def nearest_text(today: Fleet, field: Field) -> Field:
    """Return the field; of a chart's definition the text nearest to it, unless it is one itself or is proven to be decided elsewhere."""
    rendered = next((target for target in today.targets if target.target is field.manifest.target), None)
    if isinstance(field.value, str) or rendered is None or rendered.call_of(field.manifest) is None:
        return field
    is_proven = not isinstance(field.value, (Mapping, list)) and rendered.origins(field)
    return field if is_proven else next(_texts(field), field)


def _texts(field: Field) -> Iterator[Field]:
    """What is written at a field, the key that would stand before the missing one first; else at what is around it."""
    value = field.value
    names = [name for name in value if isinstance(name, str) and name < field.missing] if isinstance(value, Mapping) else []
    yield from _within(Field(field.manifest, (*field.pointer, max(names)))) if names else ()
    yield from _within(field)
    if field.pointer:
        yield from _texts(Field(field.manifest, field.pointer[:-1]))


def _within(field: Field) -> Iterator[Field]:
    value = field.value
    if isinstance(value, str) and value and "\n" not in value:
        yield field
    keys = list(value) if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from _within(Field(field.manifest, (*field.pointer, key)))
