"""What stands for the same thing at the base and now: paired by what stays when it is changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
Key = Callable[[T], Hashable]


def paired(base: Iterable[T], head: Iterable[T], *keys: Key[T]) -> list[tuple[T | None, T | None]]:
    """Pair items that have the same key, in their order where several have it; what finds none by one key is tried by the next.

    By the later keys only what has one of its own is paired: they are guesses. A key of None pairs nothing. The order is that of `head`,
    with what is gone behind it.
    """
    gone, come = list(base), list(head)
    found: dict[int, T] = {}
    for number, key in enumerate(keys):
        old, new = _by_key(gone, key), _by_key([item for item in come if id(item) not in found], key)
        for name in new:
            there = old.get(name, ())
            if number == 0 or len(there) == len(new[name]) == 1:
                found.update((id(mine), theirs) for mine, theirs in zip(new[name], there, strict=False))
        taken = {id(item) for item in found.values()}
        gone = [item for item in gone if id(item) not in taken]
    return [(found.get(id(item)), item) for item in come] + [(item, None) for item in gone]


def _by_key(items: Sequence[T], key: Key[T]) -> dict[Hashable, list[T]]:
    named: dict[Hashable, list[T]] = {}
    for item in items:
        if (name := key(item)) is not None:
            named.setdefault(name, []).append(item)
    return named
