"""Values as Go prints them, for templates and selectors, and names as Argo CD normalizes them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from agentslint.places import Pointer

_INVALID = re.compile("[^-a-z0-9.]")
_LONGEST = 253
_LARGEST, _SMALLEST = 6, -4
"""Powers of ten from which, and below which, `%v` prints an exponent."""


def printed(value: Any) -> str:
    """Return what `%v` prints for a value that was read from JSON, where every number is a float."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(float(value))
    if isinstance(value, Mapping):
        return f"map[{' '.join(f'{key}:{printed(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(printed(each) for each in value)}]"
    return str(value)


def _number(value: float) -> str:
    """The shortest digits that read as the same number."""
    if not math.isfinite(value):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(repr(value), "NaN")
    if not value:
        return repr(value).partition(".")[0]
    digits, power = _digits(abs(value))
    sign = "-" if value < 0 else ""
    if power < _SMALLEST or power >= _LARGEST:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    whole, fraction = digits[: power + 1].ljust(power + 1, "0"), digits[power + 1 :]
    return f"{sign}{whole}.{fraction}" if fraction else sign + whole


def _digits(value: float) -> tuple[str, int]:
    """Return the significant digits of a positive number, and the power of ten of the first one."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    power = len(whole) - 1 if whole.strip("0") else -(len(fraction) - len(fraction.lstrip("0"))) - 1
    return digits.rstrip("0"), power + int(exponent or 0)


def normalized(name: str) -> str:
    """Return a name as Argo CD's `normalize` makes it."""
    return _INVALID.sub("-", name.lower())[:_LONGEST].strip("-.")


def flat(value: Mapping[str, Any]) -> dict[str, tuple[Any, Pointer]]:
    """Return the scalars of nested parameters by their dotted keys, each with its pointer; empty collections are left out."""
    found: dict[str, tuple[Any, Pointer]] = {}
    pending: list[tuple[str, Pointer, Any]] = [("", (), value)]
    while pending:
        prefix, pointer, here = pending.pop()
        for key, each in here.items() if isinstance(here, Mapping) else enumerate(here):
            name = f"{prefix}.{key}" if prefix else str(key)
            if isinstance(each, (Mapping, list)):
                pending.append((name, (*pointer, key), each))
            else:
                found[name] = (each, (*pointer, key))
    return found
