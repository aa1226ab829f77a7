"""Every expression of the package and the rules takes time that grows with the text, not with its square: text comes from strangers."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from itertools import islice

import pytest
from regular import Expression, expressions, nasty

from agentslint.report.withheld import withheld_lines

PARTS = 16
WHOLE = 32 << 10
PROBE = WHOLE // PARTS
"""A text of this size costs little, and tells which may take longer than the floor: a square takes 256 times as long for the whole."""
RATIO = 80.0
"""What sixteen times the size may take: between 16 for a line, with much room for other work, and 256 for a square."""
FLOOR = 0.003
"""Seconds of a processor below which a time says nothing."""
PROBE_FLOOR = FLOOR / PARTS**2

OURS = (
    "agentslint/docs.py",
    "agentslint/testing/scaffold.py",
    "agentslint/testing/",
    "agentslint/testing/rule_folder.py",
    "agentslint/access.py",
    "agentslint/images/diagnosis.py",
    "agentslint/report/sarif_rules.py",
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
        for number, probe in enumerate(nasty(expression, PROBE)):
            if _seconds(run, probe) <= PROBE_FLOOR:
                continue
            text = next(islice(nasty(expression, WHOLE), number, None))
            if (ratio := _ratio(run, text)) > RATIO:
                pytest.fail(f"{expression.pattern!r} takes {ratio:.1f} times as long on {PARTS} times the text: {text[:80]!r}")


@pytest.mark.parametrize("pattern", [r"\s*x", r"^# Source: (.+?)[ \r]*$"])
def test_a_square_is_found(pattern: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="times as long"):
        test_an_expression_is_linear(Expression("here", pattern, re.M, ("search",)))


@pytest.mark.parametrize("text", ["kind: &", "kind:&", "kind: !a ", "# kind: & "])
def test_a_line_of_anchors_is_read_in_linear_time(text: str) -> None:
    def read(line: str) -> object:
        return withheld_lines([line])

    assert _ratio(read, text * (WHOLE // len(text))) <= RATIO


def _ratio(run: Callable[[str], object], text: str) -> float:
    """How much longer a text takes than its first sixteenth; the best of some times, as other work shares the processor and its caches."""
    part = text[: len(text) // PARTS - 1] + text[-1]
    short = min(_seconds(run, part) for _ in range(5))
    found = 0.0 if short <= PROBE_FLOOR else RATIO + 1
    for _ in range(3):
        if found <= RATIO:
            break
        whole = _seconds(run, text)
        found = 0 if whole < FLOOR else whole / short
    return found


def _seconds(run: Callable[[str], object], text: str) -> float:
    gc.disable()  # one collection of all that the tests hold takes longer than what is measured here
    try:
        begun = time.thread_time()
        run(text)
        return time.thread_time() - begun
    finally:
        gc.enable()
