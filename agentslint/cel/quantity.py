"""Amounts as Kubernetes writes them (`100m`, `1.5Gi`, `1e3`), and its CEL functions about them.

Format: `ParseQuantity` of k8s.io/apimachinery (pkg/api/resource/quantity.go). In CEL an amount is a map with one key, its value in
billionths: CEL then finds `1Gi` and `1024Mi` equal, as Kubernetes does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

_AMOUNT = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))", re.ASCII)
_BINARY = {f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", 1)}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BILLION = 10**9
_LARGEST = (2**63 - 1) * _BILLION
_DIGITS = 1_000
_KEY = "quantity"

Quantity = Mapping[str, str]


def quantity(text: str) -> Quantity:
    """Read an amount; raises ValueError. It is kept between 1n and 2^63-1, as Kubernetes keeps it."""
    found = _AMOUNT.fullmatch(text) if len(text) <= _DIGITS else None
    if found is None:
        raise ValueError(f"{text[:60]!r} is no quantity such as 100m or 1.5Gi")
    sign, number, binary, decimal, exponent = found.groups()
    size = _exact(number) * (_BINARY[binary] if binary else _power(int(exponent) if exponent else _DECIMAL[decimal or ""]))
    billionths = -(-size * _BILLION // 1)
    return _quantity(min(int(billionths), _LARGEST) * (-1 if sign == "-" else 1))


def is_quantity(text: str) -> bool:
    """Tell whether a text is an amount."""
    try:
        return bool(quantity(text))
    except ValueError:
        return False


def is_integer(one: Quantity) -> bool:
    """Tell whether `as_integer` has an answer."""
    return _billionths(one) % _BILLION == 0 and abs(_billionths(one)) < _LARGEST


def as_integer(one: Quantity) -> int:
    """Return a whole amount; raises ValueError for another."""
    if not is_integer(one):
        raise ValueError("the quantity is no whole number of 64 bits")
    return _billionths(one) // _BILLION


def as_float(one: Quantity) -> float:
    """Return the nearest number."""
    return _billionths(one) / _BILLION


def sign(one: Quantity) -> int:
    """Return 1, 0 or -1."""
    return (_billionths(one) > 0) - (_billionths(one) < 0)


def add(one: Quantity, other: Quantity | int) -> Quantity:
    """Add an amount, or a whole number."""
    return _quantity(_billionths(one) + _billionths(other))


def sub(one: Quantity, other: Quantity | int) -> Quantity:
    """Take an amount, or a whole number, away."""
    return _quantity(_billionths(one) - _billionths(other))


def compare(one: Quantity, other: Quantity) -> int:
    """Return 1, 0 or -1: greater, equal or less."""
    mine, others = _billionths(one), _billionths(other)
    return (mine > others) - (mine < others)


def is_less(one: Quantity, other: Quantity) -> bool:
    """Tell whether it is less than another."""
    return compare(one, other) < 0


def is_greater(one: Quantity, other: Quantity) -> bool:
    """Tell whether it is greater than another."""
    return compare(one, other) > 0


def _exact(number: str) -> Fraction:
    return Fraction(f"0{number}" if number.startswith(".") else number.rstrip("."))


def _power(exponent: int) -> Fraction:
    """Ten to a power: beyond these, every amount of `_DIGITS` digits is the largest or the smallest one."""
    return Fraction(10) ** max(-2 * _DIGITS, min(exponent, 2 * _DIGITS))


def _quantity(billionths: int) -> Quantity:
    return {_KEY: str(billionths)}


def _billionths(one: Quantity | int) -> int:
    if isinstance(one, int):
        return one * _BILLION
    if set(one) != {_KEY}:
        raise ValueError("it is no quantity; make one with quantity(...)")
    return int(one[_KEY])
