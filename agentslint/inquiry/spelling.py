"""How people name a place in a document: `containers[app].image`, `containers[0].image`, or only the end of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agentslint.model import Pointer, dotted
from agentslint.trace.authored import by_name

Spellings = Sequence[tuple[str, ...]]
"""For each step of a pointer the ways in which it is written."""


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


def near(wanted: str, known: Iterable[str]) -> str:
    """Say which names are near to one that does not exist: `; did you mean ...?`; nothing where none is.

    A name may be longer at its beginning, as people write only the end of a path.
    """
    names = list(dict.fromkeys(known))
    steps = wanted.count(".") + 1
    ends = {".".join(name.split(".")[-steps:]): name for name in reversed(names)}
    close = [*difflib.get_close_matches(wanted, names, 3, 0.6), *(ends[end] for end in difflib.get_close_matches(wanted, ends, 3, 0.6))]
    found = list(dict.fromkeys([*close, *(name for name in names if name.startswith(f"{wanted}."))]))[:3]
    return f"; did you mean {' or '.join(found)}?" if found else ""
