"""Numbers that nobody quoted: what a template prints for them is not what is written.

Helm holds every number of a values file as a 64-bit float. A template prints one as Go's `%v` does, with an exponent from 1e+06 on
(strconv.FormatFloat with 'g' and -1); `toYaml` and `toJson` as encoding/json does, with one from 1e+21 on only. Tried with helm 3.22:
0123456 prints 42798, 1.20 prints 1.2, 12345678 prints 1.2345678e+07.
"""

from __future__ import annotations

from decimal import Decimal

from agentslint.yamlread import ScalarNode
from agentslint.yamlread.resolve import resolve

_FEWEST_DIGITS = 6
"""Decimal exponents below this are printed without one."""


def number_texts(text: str) -> tuple[str, str, str] | None:
    """Return how a plain scalar reads as written, as printed by a template, and as JSON; None for what is no number to YAML."""
    value = resolve(ScalarNode(text, "plain", None, (1, 1, 1, 1)))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) == float("inf"):
        return None
    return text, printed(float(value), _FEWEST_DIGITS), printed(float(value), 21)


def printed(value: float, exponent_from: int) -> str:
    """Write a float with the fewest digits that tell it from others, with an exponent from `exponent_from` and below -4."""
    sign, digits, shift = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(shift, int)
    exponent = len(digits) + shift - 1
    minus = "-" if sign else ""
    if not -5 < exponent < exponent_from:
        figures = "".join(map(str, digits))
        return f"{minus}{figures[0]}{'.' if figures[1:] else ''}{figures[1:]}e{exponent:+03d}"
    return minus + format(Decimal((0, digits, shift)), "f")
