"""Ends an evaluation that takes too long: every step of a macro such as `all` or `map` first looks at the clock.

The library cannot be interrupted, and its steps may each read a long text. So the body of each macro is wrapped in a condition that
calls a function of ours, which fails when the time is over; all further steps fail at once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from agentslint.cel.growth import end_of_call, without_texts
from agentslint.cel.kubernetes_functions import Function

SECONDS = 2.0
"""The time that one evaluation may take."""
TOO_LONG = f"it takes longer than {SECONDS:g} seconds"
_NAME = "agentslintInTime"
_MACRO = re.compile(r"\.\s*(all|exists|exists_one|filter|map)\s*\(")
_CLOCK = local()


@contextmanager
def limited() -> Iterator[None]:
    """Give the evaluations in the context the time that one of them may take."""
    _CLOCK.end = time.monotonic() + SECONDS
    try:
        yield
    finally:
        _CLOCK.end = None


def is_over() -> bool:
    """Tell whether the time of the evaluation that is under way is over."""
    end = getattr(_CLOCK, "end", None)
    return end is not None and time.monotonic() > end


def with_clock(text: str) -> str:
    """Return an expression that does the same, and looks at the clock before each step of its macros."""
    plain = without_texts(text)
    inserted = sorted(part for call in _MACRO.finditer(plain) for part in _wrapping(plain, call.group(1), call.end()))
    pieces, last = [], 0
    for at, put in inserted:
        pieces += [text[last:at], put]
        last = at
    return "".join((*pieces, text[last:]))


def _wrapping(plain: str, name: str, start: int) -> list[tuple[int, str]]:
    """What to insert where, so that the second argument of a call is evaluated on a condition; nothing for what is no macro."""
    end = end_of_call(plain, start)
    commas = _commas(plain, start, end)
    if not 1 <= len(commas) <= 2:
        return []
    begins, ends = commas[0] + 1, commas[1] if len(commas) == 2 else end
    is_value = name == "map" and len(commas) == 1
    # A comment may stand at the end of the argument.
    return [(begins, f"({_NAME}() ? {'dyn' if is_value else ''}("), (ends, f"\n) : {'dyn(null)' if is_value else 'false'})")]


def _commas(plain: str, start: int, end: int) -> list[int]:
    depth, found = 0, []
    for at in range(start, end):
        depth += (plain[at] in "([{") - (plain[at] in ")]}")
        if plain[at] == "," and not depth:
            found.append(at)
    return found


def _in_time() -> bool:
    if is_over():
        raise TimeoutError(TOO_LONG)
    return True


CLOCK_FUNCTIONS = (Function(_NAME, (), "bool", _in_time, is_method=False),)
