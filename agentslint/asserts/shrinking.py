"""The part of an object that makes an expression false: all that can be left out without changing the answer is left out.

This is delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002), from the top of a tree down:
first whole branches, by halves, then the branches of what must stay. A branch may go if the answer is the same both without it and with
a null in its place: without the first, `x == 1` would depend on nothing (null is not 1), without the second `has(x) && x < 1`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentslint.model import Pointer

MOST = 200
"""Evaluations for one object."""


@dataclass
class Shrunk:
    """A tree without some of its branches. `is_whole` is false where the evaluations were used up before the end."""

    tree: Any
    dropped: set[Pointer] = field(default_factory=set)
    is_whole: bool = True

    @property
    def value(self) -> Any:
        """What is left; the items of a list move up."""
        return _without(self.tree, (), self.dropped)

    def leaves(self) -> Iterator[Pointer]:
        """Yield the ways, in the whole tree, to what is left and holds nothing: scalars, and emptied mappings and lists."""
        yield from _leaves(self.tree, (), self.dropped)


def shrink(tree: Any, is_same: Callable[[Any], bool], most: int = MOST, *, nulls: bool = True) -> Shrunk:
    """Leave out of a tree all branches without which `is_same` still holds, with at most `most` questions.

    `is_same` must hold for the tree itself, and holds for the result. Of a result that `is_whole` no scalar more can go. Without
    `nulls` it is enough that the answer is the same without a branch.
    """
    found = Shrunk(tree)
    left = most

    def drops(pointers: list[Pointer]) -> bool:
        nonlocal left
        if left <= 0:
            found.is_whole = False
            return False
        left -= 1 + nulls
        without = found.dropped.union(pointers)
        goes = is_same(_without(tree, (), without)) and (not nulls or is_same(_without(tree, (), found.dropped, pointers)))
        found.dropped = without if goes else found.dropped
        return goes

    def minimise(pointers: list[Pointer]) -> None:
        if not pointers or drops(pointers) or len(pointers) == 1:
            return
        middle = len(pointers) // 2
        minimise(pointers[middle:])
        minimise(pointers[:middle])

    level: list[Pointer] = [()]
    while level and found.is_whole:
        level = [child for pointer in level if pointer not in found.dropped for child in _children(tree, pointer)]
        minimise(level)
    before: int | None = None
    while found.is_whole and before != len(found.dropped):
        before = len(found.dropped)
        for pointer in list(found.leaves()):
            if pointer and not isinstance(at(tree, pointer), (Mapping, list)):
                drops([pointer])
    return found


def at(tree: Any, pointer: Pointer) -> Any:
    """Return the value at a way that exists."""
    for step in pointer:
        tree = tree[step]
    return tree


def _children(tree: Any, pointer: Pointer) -> Iterable[Pointer]:
    return ((*pointer, step) for step, _ in _items(at(tree, pointer)))


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


def _leaves(value: Any, pointer: Pointer, dropped: Collection[Pointer]) -> Iterator[Pointer]:
    inner = [(step, below) for step, below in _items(value) if (*pointer, step) not in dropped]
    if not inner:
        yield pointer
    for step, below in inner:
        yield from _leaves(below, (*pointer, step), dropped)
