"""An evaluation that takes too long ends without an answer, whichever macro it is in; others give the same as without the clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentslint.cel import Expressions, Unanswered, deadline
from tests.asserts.repositories import HELM, report_of, unknown, written

pytest.importorskip("cel_expr_python")

LARGE = {"text": "a" * 200_000, "items": ["x" * 100] * 5000, "map": {str(number): "v" * 50 for number in range(5000)}}


def answer(text: str, value: Any) -> Any:
    asked = Expressions(("object",))
    return asked.compile(text, condition=False).read(asked.scope({"object": value}))


@pytest.mark.parametrize(
    "text",
    [
        "object.items.all(x, toJson(object).size() > 0)",
        "object.items.exists(x, toJson(object).size() < 0)",
        "object.items.exists_one(x, !isURL(object.text))",
        "object.items.filter(x, object.text.reverse() != '').size() == 1",
        "object.items.map(x, object.items.join(',')).size() == 1 // (",
        "object.items.map(x, x != ')', toJson(object)).size() == 1",
        "object . items . all (x, // no brackets ((\n object.map == object.map && object.text.trim() != '')",
    ],
)
def test_an_evaluation_that_takes_too_long_is_unanswered(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 0.05)
    assert answer(text, LARGE) == Unanswered("it takes longer than 2 seconds")


def test_an_expression_that_always_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 0.0)
    asked = Expressions(("object",))
    slow = asked.compile("object.items.all(x, x != '')")
    assert {slow.ask(asked.scope({"object": LARGE})) for _ in range(3)} == {Unanswered(deadline.TOO_LONG)}
    monkeypatch.undo()
    assert slow.ask(asked.scope({"object": LARGE})) == Unanswered(deadline.TOO_LONG)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("object.map(x, x * 2)", [2, 4, 6]),
        ("object.map(x, x > 1, x * 2)", [4, 6]),
        ("object.filter(x, x > 1).map(x, [x].map(y, {'a': y}))", [[{"a": 2}], [{"a": 3}]]),
        ("object.exists_one(x, x == 2) && object.all(x, x > 0) && !object.exists(x, x > 3)", True),
        ("'.all(x, (' + string(object[0]) + '\"),'", '.all(x, (1"),'),
        ("object.map(x, optional.of(x)).map(o, o.orValue(0)).exists(x, x == 3 || ')' == '(')", True),
        ("object.all(x, x.missing)", None),
    ],
)
def test_the_clock_changes_no_answer(text: str, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = answer(text, [1, 2, 3])
    monkeypatch.setattr("agentslint.cel.library.with_clock", lambda text: text)
    assert watched == answer(text, [1, 2, 3])
    assert given is None or watched == given


def test_an_assert_that_takes_too_long_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 0.0)
    text = "[[assert]]\nname = 'one'\nthat = 'object.metadata.all(key, key != \"x\")'\nmessage = 'm'\nmatch = { kinds = ['Deployment'] }\n"
    with report_of(written(tmp_path, HELM, text), "one") as report:
        assert not report.active
        assert any("takes longer than" in message for message in unknown(report)), unknown(report)
