"""Every expression of the package and the rules takes time that grows with the text, not with its square: text comes from strangers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from regular import Expression, expressions, nasty

SIZES = (2 << 10, 16 << 10, 64 << 10)
FLOOR = 0.05
"""Seconds below which a time says nothing; what grows with the square takes far more for the largest size."""
RATIO = 3.0
"""What the double size may take; a square takes 4."""

SHORT = ("agentslint/images/grammar.py", "agentslint/images/diagnosis.py", "agentslint/docs.py")
"""Given texts of a few thousand characters at most by their callers, or our own."""

ROOMS = tuple(f"agentslint/{room}" for room in ("render", "report", "suppress", "images", "discover", "credentials"))
ALL = expressions()
EXPRESSIONS = [each for each in ALL if each.where.startswith(ROOMS) and not each.where.startswith(SHORT)]


def test_the_expressions_are_found() -> None:
    assert len(ALL) > 150
    assert {each.where.partition(":")[0].partition("/")[0] for each in ALL} == {"agentslint", "rules"}


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda each: each.where)
def test_an_expression_is_linear(expression: Expression) -> None:
    for run in expression.runs():
        for size in SIZES:
            for text in nasty(expression, size):
                ratio = min(_ratio(run, text) for _ in range(2)) if _seconds(run, text) > FLOOR else 0
                assert ratio <= RATIO, f"{expression.pattern!r} takes {ratio:.0f} times as long on twice the text: {text[:80]!r}"


def _ratio(run: Callable[[str], object], text: str) -> float:
    """How much longer the whole takes than its half: the best of several, since the machine has other work to do."""
    whole = min(_seconds(run, text) for _ in range(3))
    return whole / min(_seconds(run, text[: len(text) // 2]) for _ in range(3)) if whole > FLOOR else 0


def _seconds(run: Callable[[str], object], text: str) -> float:
    begun = time.perf_counter()
    run(text)
    return time.perf_counter() - begun
