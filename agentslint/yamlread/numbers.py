"""Unquoted numbers: a chart renders them differently from how they are written.

Helm holds every number of its values as a 64-bit float, those that kustomize hands on from `valuesInline` too. A template prints
one as Go's `%v` does, with an exponent below 1e-04 and from 1e+06 on (strconv.FormatFloat with 'g' and -1); `toJson` as
encoding/json does, with one below 1e-06 and from 1e+21 on. So 0123456 comes out as 42798, 72044e0 as 72044, 12345678 as
1.2345678e+07 and 1.10 as 1.1. A test holds this against the real helm and the real kustomize.
"""

from __future__ import annotations

from decimal import Decimal

from agentslint.yamlread.nodes import ScalarNode
from agentslint.yamlread.resolve import resolve

_TEMPLATE = (-4, 6)
_JSON = (-6, 21)
"""Decimal exponents from the first to below the second are printed without one."""


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
