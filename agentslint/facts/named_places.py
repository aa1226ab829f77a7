"""Readable names of places in a document (`containers[app].image`), and a manifest's texts by place.

List items are addressed by name, so that an added or removed item does not move the others.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agentslint.model import Manifest, Pointer, dotted
from agentslint.places import by_name

Spellings = Sequence[tuple[str, ...]]
"""For each step of a pointer the ways in which it is written."""
_MATCHED_ON = frozenset({"labels", "matchLabels", "selector"})
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def spellings(body: Any, pointer: Pointer) -> Spellings:
    """Return how each step is written: a key with a dot before it, an item of a list by its number or its name."""
    return [_step(step, name) for step, name in zip(pointer, by_name(body, pointer), strict=True)]


def spellings_by_name(names: Pointer) -> Spellings:
    """Return the same for a path that holds names in place of numbers already: the numbers are not known."""
    return [(step,) if isinstance(step, str) and step.startswith("[") else _step(step, step) for step in names]


def _step(step: str | int, name: str | int) -> tuple[str, ...]:
    if isinstance(step, str):
        return (f".{step}",)
    return (name, f"[{step}]", f".{step}") if isinstance(name, str) else (f"[{name}]", f".{name}")


def length_of(wanted: str, steps: Spellings) -> int:
    """Return how many steps at the end of a path `wanted` spells out; 0 where it is another path."""
    rest = wanted if wanted.startswith("[") else f".{wanted}"
    for number, ways in enumerate(reversed(steps), 1):
        way = next((way for way in ways if rest.endswith(way)), None)
        if way is None:
            return 0
        rest = rest[: len(rest) - len(way)]
        if not rest:
            return number
    return 0


def named(body: Any, pointer: Pointer) -> str:
    """Write a pointer with names in place of numbers: `containers[app].image`."""
    return written(by_name(body, pointer))


def written(names: Pointer) -> str:
    """Write a path that holds names in place of numbers."""
    return dotted(names).replace(".[", "[")


def leaves(body: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Yield every scalar of a document, and every empty collection, with its pointer."""
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(body, Mapping):
        items = ((str(step), value) for step, value in body.items())
    elif isinstance(body, list):
        items = enumerate(body)
    if not isinstance(body, (Mapping, list)) or not body:
        yield pointer, body
    for step, value in items:
        yield from leaves(value, (*pointer, step))


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """Say which names are near to one that does not exist: `; did you mean ...?`; nothing where none is.

    A name may be longer at its beginning, as people write only the end of a path.
    """
    names = list(dict.fromkeys(known))
    steps = wanted.count(".") + 1
    ends = {".".join(name.split(".")[-steps:]): name for name in reversed(names)}
    close = [*difflib.get_close_matches(wanted, names, 3, 0.6), *(ends[end] for end in difflib.get_close_matches(wanted, ends, 3, 0.6))]
    found = list(dict.fromkeys([*close, *(name for name in names if name.startswith(f"{wanted}."))]))[:3]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def texts(manifest: Manifest) -> dict[Pointer, str]:
    """Return every text of a manifest but labels and selectors; the names of all pull secrets of a pod are one text."""
    return dict(_walk(manifest.body, ()))


def shown(place: Pointer) -> str:
    """Return a short name of a text's place: `container agents`, `variable AGENTS_IMAGE`, `imagePullSecrets`."""
    container = container_of(place)
    rest = place[len(container) :]
    owner = str(container[-1])[1:-1] if container else ""
    match rest:
        case ("image",) if owner:
            return f"container {owner}"
        case ("env", str() as variable, "value"):
            return f"variable {variable[1:-1]} of container {owner}"
        case _:
            words = re.sub(r"\.\[", "[", dotted(rest))
            return f"{words} of container {owner}" if owner else words.rpartition("spec.")[2] or words


def container_of(place: Pointer) -> Pointer:
    """Return the part of a place that leads to its container; nothing where it is in none."""
    for number, step in enumerate(place[:-1]):
        if step in _CONTAINERS and isinstance(place[number + 1], str):
            return place[: number + 2]
    return ()


def _walk(node: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(node, Mapping):
        for key, item in node.items():
            if key in _MATCHED_ON:
                continue
            if key == "imagePullSecrets" and isinstance(item, list):
                yield (*pointer, key), ",".join(_secret(each) for each in item)
            else:
                yield from _walk(item, (*pointer, str(key)))
    elif isinstance(node, list):
        for number, item in enumerate(node):
            name = item.get("name") if isinstance(item, Mapping) else None
            yield from _walk(item, (*pointer, f"[{name}]" if isinstance(name, str) else number))
    elif isinstance(node, str):
        yield pointer, node


def _secret(entry: Any) -> str:
    return str(entry.get("name")) if isinstance(entry, Mapping) else str(entry)
