"""The fields that an expression names: `object.spec.replicas` in its text, read without the library."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agentslint.model import Pointer

_TEXT = re.compile(r"""[rR]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_STEP = re.compile(r"""\s*(?:\.\s*\??\s*([A-Za-z_]\w*)(?!\s*\()(?!\w)|\[\s*\??\s*(?:(\d{1,9})|"([^"\\]*)"|'([^'\\]*)')\s*\])""", re.ASCII)


def chains(text: str, variables: Collection[str]) -> Iterator[Pointer]:
    """Yield the paths that begin with a variable: `("object", "spec", "replicas")`. A path ends before the call of a method."""
    texts = [found.span() for found in _TEXT.finditer(text)]
    for found in re.finditer(r"(?<![\w.])[A-Za-z_]\w*", text):
        if found.group() in variables and not any(start <= found.start() < end for start, end in texts):
            yield (found.group(), *_steps(text, found.end()))


def _steps(text: str, at: int) -> Iterator[str | int]:
    while step := _STEP.match(text, at):
        name, number, double, single = step.groups()
        yield int(number) if number is not None else next(part for part in (name, double, single) if part is not None)
        at = step.end()


def named_steps(text: str) -> frozenset[str]:
    """Return the names of fields and keys that stand in an expression, on any variable: `spec` and `key` of `item.spec[item.key]`."""
    ends = {found.start(): found.end() for found in _TEXT.finditer(text)}
    named: set[str] = set()
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step:
            named.update(name for name in step.groups() if name is not None)
        at = step.end() if step else ends.get(at, at + 1)
    return frozenset(named)


def missing_chain(text: str, values: Mapping[str, Any], name: str) -> Pointer | None:
    """Return the first way in an expression that does not exist, as far as it leads beyond what exists; None where all exist.

    `name` is the step that is said to be missing, "" where it is looked for in what has no fields: a list, a scalar.
    """
    for chain in chains(text, values):
        length = existing(values, chain)
        if length < len(chain) and (str(chain[length]) == name if name else not isinstance(_at(values, chain[:length]), Mapping)):
            return chain[: length + 1]
    return None


def _at(values: Any, pointer: Pointer) -> Any:
    for step in pointer:
        values = values[step]
    return values


def existing(values: Any, pointer: Pointer) -> int:
    """Return how many steps of a path exist, counted from its beginning."""
    for number, step in enumerate(pointer):
        is_there = (
            step in values if isinstance(values, Mapping) else isinstance(values, list) and isinstance(step, int) and step < len(values)
        )
        if not is_there:
            return number
        values = values[step]
    return len(pointer)
