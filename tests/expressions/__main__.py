"""Every expression of the package and the rules takes time that grows with the text, not with its square: text comes from strangers.

`make fuzz` measures it; no test depends on a time.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice

from agentslint.report.withheld import withheld_lines
from tests.expressions.regular import Expression, expressions, nasty

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


def complaints(expression: Expression) -> Iterator[str]:
    """Yield the texts for which an expression takes more than its share of time."""
    for run in expression.runs():
        for number, probe in enumerate(nasty(expression, PROBE)):
            if _seconds(run, probe) <= PROBE_FLOOR:
                continue
            text = next(islice(nasty(expression, WHOLE), number, None))
            if (ratio := _ratio(run, text)) > RATIO:
                yield f"{expression.pattern!r} takes {ratio:.1f} times as long on {PARTS} times the text: {text[:80]!r}"


def complaint_about(name: str, run: Callable[[str], object], text: str) -> Iterator[str]:
    """Yield that a function takes more than its share of time."""
    if (ratio := _ratio(run, text * (WHOLE // len(text)))) > RATIO:
        yield f"{name} takes {ratio:.1f} times as long on {PARTS} times {text!r}"


def main() -> int:
    """Try them all; the measure itself must tell a square from a line."""
    assert len(ALL) > 150
    assert all(any(complaints(Expression("here", square, re.M, ("search",)))) for square in (r"\s*x", r"^# Source: (.+?)[ \r]*$"))
    found = [f"{each.where}: {complaint}" for each in EXPRESSIONS for complaint in complaints(each)]
    for text in ("kind: &", "kind:&", "kind: !a ", "# kind: & "):
        found += complaint_about("withheld_lines", lambda line: withheld_lines([line]), text)
    print("\n".join([*found, f"{len(EXPRESSIONS)} expressions tried, {len(found)} complaints"]))
    return int(bool(found))


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


if __name__ == "__main__":
    sys.exit(main())
