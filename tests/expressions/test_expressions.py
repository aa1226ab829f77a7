"""Every expression of the package and the rules takes time that grows with the text, not with its square: text comes from strangers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from regular import Expression, expressions, nasty

HALF, WHOLE = 32 << 10, 64 << 10
FLOOR = 0.003
"""Seconds of a processor below which a time says nothing."""
RATIO = 3.0
"""What the double size may take; a square takes 4."""
PROBE = 4 << 10
"""A text of this size costs little, and tells which may take longer than the floor: a square takes 256 times as long for the whole."""
PROBE_FLOOR = FLOOR / 256

OURS = (
    "agentslint/docs.py",
    "agentslint/scaffold.py",
    "agentslint/testing.py",
    "agentslint/rule_folder.py",
    "agentslint/grounds.py",
    "agentslint/images/diagnosis.py",
)
"""Given our own texts, those of who writes a rule, or the first 4 kB alone."""

ALL = expressions()
EXPRESSIONS = [each for each in ALL if not each.where.startswith(OURS)]


def test_the_expressions_are_found() -> None:
    assert len(ALL) > 150
    assert {each.where.partition(":")[0].partition("/")[0] for each in ALL} == {"agentslint", "rules"}


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda each: each.where)
def test_an_expression_is_linear(expression: Expression) -> None:
    for run in expression.runs():
        for probe, text in zip(nasty(expression, PROBE), nasty(expression, WHOLE), strict=True):
            if _seconds(run, probe) > PROBE_FLOOR and (ratio := _ratio(run, text, probe)) > RATIO:
                pytest.fail(f"{expression.pattern!r} takes {ratio:.1f} times as long on twice the text: {text[:80]!r}")


def test_a_square_is_found() -> None:
    square = Expression("here", r"\s*x", 0, ("search",))
    with pytest.raises(pytest.fail.Exception, match="times as long"):
        test_an_expression_is_linear(square)


def _ratio(run: Callable[[str], object], text: str, probe: str) -> float:
    """How much longer the whole takes than its half: tried again before it is believed, since other work shares the caches."""
    if _seconds(run, probe) * WHOLE / PROBE < FLOOR / 4:
        return 0
    if min(_seconds(run, text[: PROBE * 4]) for _ in range(2)) < 8 * min(_seconds(run, probe) for _ in range(3)):
        return 0
    found = RATIO + 1
    for tries in (1, 3, 5):
        whole = min(_seconds(run, text[:WHOLE]) for _ in range(tries))
        if whole < FLOOR:
            return 0
        found = min(found, whole / min(_seconds(run, text[:HALF]) for _ in range(tries)))
        if found <= RATIO:
            break
    return found


def _seconds(run: Callable[[str], object], text: str) -> float:
    begun = time.thread_time()
    run(text)
    return time.thread_time() - begun
