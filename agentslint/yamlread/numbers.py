"""Unquoted numbers: a chart renders them differently from how they are written.

Helm holds every number of its values as a 64-bit float, those that kustomize hands on from `valuesInline` too. A template prints
one as Go's `%v` does, with an exponent below 1e-04 and from 1e+06 on (strconv.FormatFloat with 'g' and -1); `toJson` as
encoding/json does, with one below 1e-06 and from 1e+21 on. So 0123456 comes out as 42798, 72044e0 as 72044, 12345678 as
1.2345678e+07 and 1.10 as 1.1. A test holds this against the real helm and the real kustomize.
"""

from __future__ import annotations

import datetime
import re
import struct
from decimal import Decimal

from agentslint.yamlread.nodes import ScalarNode
from agentslint.yamlread.resolve import resolve

_TEMPLATE = (-4, 6)
_JSON = (-6, 21)
"""Decimal exponents from the first to below the second are printed without one."""
_LARGEST_OF_32_BITS = 3.4028235677973366e38
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def number_texts(text: str) -> tuple[str, str, str] | None:
    """Return how a plain scalar reads as written, as printed by a template, and as JSON; None for what is no number to YAML."""
    value = resolve(ScalarNode(text, "plain", None, (1, 1, 1, 1)))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) == float("inf"):
        return None
    return text, _printed(float(value), _TEMPLATE), _printed(float(value), _JSON).replace("e-0", "e-")


def _printed(value: float, without_exponent: tuple[int, int]) -> str:
    """Write a float with the fewest digits that tell it from others."""
    sign, digits, shift = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(shift, int)
    exponent = len(digits) + shift - 1
    minus = "-" if sign else ""
    if not without_exponent[0] <= exponent < without_exponent[1]:
        figures = "".join(map(str, digits))
        return f"{minus}{figures[0]}{'.' if figures[1:] else ''}{figures[1:]}e{exponent:+03d}"
    return minus + format(Decimal((0, digits, shift)), "f")


def word_text(text: str) -> str | None:
    """Return how a template prints a word that YAML 1.1 takes for a boolean and writes otherwise (`on`: true); else None."""
    value = resolve(ScalarNode(text, "plain", None, (1, 1, 1, 1)))
    printed = "true" if value else "false"
    return printed if isinstance(value, bool) and printed != text else None


def date_text(text: str) -> str | None:
    """Return what kustomize makes of a date that nobody quoted, where it reads and writes YAML itself; None for what is no date."""
    try:
        return f"{datetime.date.fromisoformat(text).isoformat()}T00:00:00Z" if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def string_text(text: str) -> str | None:
    """Return what a number becomes where Go wants a string (`appVersion` in Chart.yaml); None for what is no number.

    sigs.k8s.io/yaml prints whole numbers as they are, and others as 32-bit floats do.
    """
    value = resolve(ScalarNode(text, "plain", None, (1, 1, 1, 1)))
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        return None
    if isinstance(value, int):
        return str(value)
    return f"{'-' if value < 0 else '+'}Inf" if abs(value) > _LARGEST_OF_32_BITS else _printed(_shortest_of_32_bits(value), _TEMPLATE)


def _shortest_of_32_bits(value: float) -> float:
    """The number with the fewest digits that a 32-bit float cannot tell from `value`."""
    wanted = struct.pack("f", value)
    [rounded] = struct.unpack("f", wanted)
    return next(short for digits in range(1, 18) if struct.pack("f", short := float(f"{rounded:.{digits}g}")) == wanted)
