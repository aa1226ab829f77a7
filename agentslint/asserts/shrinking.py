"""Finds the part of an object that makes an expression false: everything is left out without which the answer stays the same.

This is delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002), from the top of a tree down:
first whole branches, by halves, then the branches inside those that must stay. A branch may go if the answer is the same both without
it and with a null in its place: without the first, `x == 1` would depend on nothing (null is not 1), without the second
`has(x) && x < 1`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.model import Pointer

MOST = 1_000
"""Evaluations for one object."""
WORK = 1_000_000
"""Values in all objects that are evaluated: about a second."""
SECONDS = 10.0
"""The time of one search: each question is an evaluation, which may read long texts."""


class Shrunk(Struct):
    """A tree without some of its branches. `is_whole` is false where the evaluations were used up before the end."""

    tree: Any
    dropped: set[Pointer] = set()
    nulled: set[Pointer] = set()
    """Items of lists that only keep the others at their places: what they say does not matter."""
    is_whole: bool = True

    @property
    def value(self) -> Any:
        """The tree without the dropped branches; the remaining items of a list move up."""
        return _without(self.tree, (), self.dropped, self.nulled)

    def leaves(self) -> Iterator[Pointer]:
        """Yield the paths, in the whole tree, of the scalars that are left, and of the mappings and lists that are empty now."""
        yield from (pointer for pointer in _leaves(self.tree, (), self.dropped) if pointer not in self.nulled)


def shrink(tree: Any, is_same: Callable[[Any], bool], *, nulls: bool = True, most: int = MOST, work: int = WORK) -> Shrunk:
    """Leave out of a tree all branches without which `is_same` still holds, with at most `most` questions about `work` values in all.

    `is_same` must hold for the tree itself, and holds for the result. Of a result that `is_whole` no further scalar can be
    dropped. Without `nulls` it is enough that the answer is the same without a branch.
    """
    shrinking = _Shrinking(Shrunk(tree), is_same, nulls, most, work, time.monotonic() + SECONDS)
    shrinking.branches()
    shrinking.scalars()
    return shrinking.found


class _Shrinking(Struct):
    """One search for a smaller tree: the smallest one so far, and how many questions, values and seconds are left for it."""

    found: Shrunk
    is_same: Callable[[Any], bool]
    nulls: bool
    questions: int
    work: int
    end: float

    def branches(self) -> None:
        """Leave out branches, one level of the tree after the other."""
        level: list[Pointer] = [()]
        while level and self.found.is_whole:
            kept = (pointer for pointer in level if pointer not in self.found.dropped)
            level = [(*pointer, step) for pointer in kept for step, _ in _items(at(self.found.tree, pointer))]
            # The fields of one name in all items of a list are tried together.
            self._minimise(sorted(level, key=lambda pointer: "" if isinstance(pointer[-1], int) else str(pointer[-1])))

    def scalars(self) -> None:
        """Leave out scalars until none more can go: with one that is gone another may have become needless."""
        before: int | None = None
        while self.found.is_whole and before != len(self.found.dropped):
            before = len(self.found.dropped)
            for pointer in list(self.found.leaves()):
                is_scalar = pointer and not isinstance(at(self.found.tree, pointer), (Mapping, list))
                if not (is_scalar and self._drops([pointer])):
                    self._nulls(pointer)

    def _minimise(self, pointers: list[Pointer]) -> None:
        if not pointers or self._drops(pointers) or len(pointers) == 1:
            return
        if all(isinstance(pointer[-1], int) for pointer in pointers) and self._holds(self.found.dropped.union(pointers)):
            return  # Items that may only not be null: `exists` looks into each of them.
        middle = len(pointers) // 2
        self._minimise(pointers[middle:])
        self._minimise(pointers[:middle])

    def _drops(self, pointers: list[Pointer]) -> bool:
        without = self.found.dropped.union(pointers)
        goes = self._holds(without) and (not self.nulls or self._holds(self.found.dropped, pointers))
        self.found.dropped = without if goes else self.found.dropped
        return goes

    def _nulls(self, pointer: Pointer) -> None:
        """Put a null in the place of an item that cannot go only because the items after it would move up."""
        is_item = pointer and isinstance(pointer[-1], int) and self._is_followed(pointer[:-1], pointer[-1])
        if is_item and self._holds(self.found.dropped, [pointer]):
            self.found.nulled.add(pointer)

    def _is_followed(self, above: Pointer, step: int) -> bool:
        """Tell whether a later item of the list is left."""
        inner = (way[len(above)] for way in self.found.leaves() if way[: len(above)] == above and len(way) > len(above))
        return any(isinstance(other, int) and other > step for other in inner)

    def _holds(self, dropped: Collection[Pointer], nulled: Collection[Pointer] = ()) -> bool:
        if self.questions <= 0 or self.work <= 0 or time.monotonic() > self.end:
            self.found.is_whole = False
            return False
        part = _without(self.found.tree, (), dropped, self.found.nulled.union(nulled))
        self.questions -= 1
        self.work -= _size(part)
        return self.is_same(part)


def at(tree: Any, pointer: Pointer) -> Any:
    """Return the value at a path, which must exist."""
    for step in pointer:
        tree = tree[step]
    return tree


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _without(value: Any, pointer: Pointer, dropped: Collection[Pointer], nulled: Collection[Pointer] = ()) -> Any:
    """Return a copy without some branches, and with a null in the place of others."""
    if pointer in nulled:
        return None
    inner = ((step, below) for step, below in _items(value) if (*pointer, step) not in dropped)
    if isinstance(value, Mapping):
        return {step: _without(below, (*pointer, step), dropped, nulled) for step, below in inner}
    return [_without(below, (*pointer, step), dropped, nulled) for step, below in inner] if isinstance(value, list) else value


def _size(value: Any) -> int:
    """The number of values in a tree."""
    return 1 + sum(_size(inner) for _, inner in _items(value))


def _leaves(value: Any, pointer: Pointer, dropped: Collection[Pointer]) -> Iterator[Pointer]:
    inner = [(step, below) for step, below in _items(value) if (*pointer, step) not in dropped]
    if not inner:
        yield pointer
    for step, below in inner:
        yield from _leaves(below, (*pointer, step), dropped)
