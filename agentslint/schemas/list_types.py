"""Lists whose items must differ: sets, and maps in the form of lists.

k8s.io/apiextensions-apiserver, pkg/apiserver/schema/listtype/validation.go
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from agentslint.places import Pointer
from agentslint.schemas.structure import LIST_KEYS, LIST_TYPE, Schema, field, items
from agentslint.schemas.violations import Broken, Violation


def duplicates(value: Any, schema: Schema | None, here: Pointer = ()) -> Iterator[Violation]:
    """Yield the items that a list holds twice, each at its second place."""
    if schema is None:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from duplicates(inner, field(schema, key), (*here, key))
    elif isinstance(value, list):
        if schema.get(LIST_TYPE) == "set":
            yield from _twice([_text(each) for each in value], here, "is twice in its list, which is a set")
        elif schema.get(LIST_TYPE) == "map":
            yield from _of_map(value, schema.get(LIST_KEYS), here)
        for number, item in enumerate(value):
            yield from duplicates(item, items(schema), (*here, number))


def _of_map(value: list[Any], keys: Any, here: Pointer) -> Iterator[Violation]:
    wrong = next((number for number, item in enumerate(value) if item is not None and not isinstance(item, dict)), None)
    if wrong is not None:
        yield Violation((*here, wrong), "must be an object, as its list is a map", Broken.VALUE)
        return
    names = [str(key) for key in keys] if isinstance(keys, list) else []
    found = [_text({key: item[key] for key in names if key in item} if item else {}) for item in value]
    yield from _twice(found, here, f"has the {' and '.join(names)} of another item of its list")


def _twice(texts: list[str], here: Pointer, text: str) -> Iterator[Violation]:
    seen: dict[str, int] = {}
    for number, each in enumerate(texts):
        seen[each] = seen.get(each, 0) + 1
        if seen[each] == 2:
            yield Violation((*here, number), text, Broken.DUPLICATE, advice="remove one of the two")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
