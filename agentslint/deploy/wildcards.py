"""Wildcards without backtracking: a repository's own pattern cannot take longer than its length times that of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

One = Callable[[str], object]
"""Tells whether a character fits."""
_KEPT = 500


class Wildcard:
    """A pattern, built from its start to its end; `refused` makes one that fits nothing.

    The states that a text may have led to are followed all at once, and remembered.
    """

    def __init__(self) -> None:
        self._steps: list[list[tuple[One, int]]] = [[]]
        self._free: list[list[int]] = [[]]
        self._at = 0
        self._groups: list[tuple[int, int]] = []
        self._known: dict[frozenset[int], _States] = {}

    def one(self, fits: One) -> None:
        """Add one character."""
        after = self._state()
        self._steps[self._at].append((fits, after))
        self._at = after

    def any_of(self, fits: One) -> None:
        """Add any number of characters."""
        self._free_step(self._state())
        self._steps[self._at].append((fits, self._at))

    def folders(self) -> None:
        """Add any number of folders, each with its slash."""
        self._free_step(self._state())
        name = self._state()
        self._steps[self._at].append((not_slash, name))
        self._steps[name] += [(not_slash, name), ("/".__eq__, self._at)]

    def opened(self) -> None:
        """Begin a choice."""
        self._groups.append((self._at, self._state()))

    def otherwise(self) -> None:
        """Begin the next text of a choice."""
        start, end = self._groups[-1]
        self._free[self._at].append(end)
        self._at = start

    def closed(self) -> None:
        """End a choice."""
        _, end = self._groups.pop()
        self._free_step(end)

    def fullmatch(self, text: str) -> bool:
        """Tell whether a text fits as a whole."""
        *_, last = self._walk(text)
        return self._at in last.found

    def heads(self, text: str) -> Iterator[int]:
        """Yield the lengths of the parts from the start of a text that fit, the shortest one first."""
        return (length for length, here in enumerate(self._walk(text)) if self._at in here.found)

    def _walk(self, text: str) -> Iterator[_States]:
        here = self._states({0})
        yield here
        for sign in text:
            after = here.after.get(sign)
            if after is None:
                after = here.after[sign] = self._states(to for state in here.found for fits, to in self._steps[state] if fits(sign))
            here = after
            yield here
            if not here.found:
                return

    def _states(self, reached: Iterable[int]) -> _States:
        found = set(reached)
        left = list(found)
        while left:
            more = [each for each in self._free[left.pop()] if each not in found]
            found.update(more)
            left += more
        if len(self._known) > _KEPT:
            for each in list(self._known.values()):
                each.after.clear()
            self._known.clear()
        kept = frozenset(found)
        return self._known.setdefault(kept, _States(kept))

    def _state(self) -> int:
        self._steps.append([])
        self._free.append([])
        return len(self._steps) - 1

    def _free_step(self, to: int) -> None:
        self._free[self._at].append(to)
        self._at = to


class _States:
    """The places in a pattern that a text may have led to, and those that each next character leads to."""

    __slots__ = ("after", "found")

    def __init__(self, found: frozenset[int]) -> None:
        self.found = found
        self.after: dict[str, _States] = {}


def anything(sign: str) -> object:
    """Every character."""
    return True


def not_slash(sign: str) -> object:
    """What a star stands for that stays within its folder."""
    return sign != "/"


def expression(written: str) -> One:
    """What a regular expression for one character says; raises `re.error`."""
    return re.compile(written, re.S).fullmatch
