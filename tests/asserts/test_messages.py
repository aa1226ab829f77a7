"""Messages with expressions in braces."""

from __future__ import annotations

import pytest

from agentslint.asserts.message_template import LONGEST, read_template
from agentslint.cel import ExpressionError, Expressions

pytest.importorskip("cel_expr_python")


def said(text: str, value: object = None) -> str:
    asked = Expressions(("object",))
    return read_template(text, lambda part, _: asked.compile(part, condition=False)).fill(asked.scope({"object": value}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plain", "plain"),
        ("{object.n} replicas", "3 replicas"),
        ("{object.n}{object.b}", "3true"),
        ("{{object.n}} is {object.n}", "{object.n} is 3"),
        ("{ {'a': {'b': 1}}.a.b }", "1"),
        ("{'}' + \"{\" + '\\'}'}", "}{'}"),
        ("{object.none}, {object.m.x}", "null, (not there)"),
        ("{object.n < 'a'}", "(unknown)"),
        ("{object.lines}", "a b"),
        ("{[1, 2]}", "[1, 2]"),
    ],
)
def test_a_message_shows_values(text: str, message: str) -> None:
    assert said(text, {"n": 3, "b": True, "none": None, "m": {}, "lines": "a\n  b"}) == message


def test_a_long_value_is_cut() -> None:
    assert len(said("{object}", "x" * 10_000)) == LONGEST


@pytest.mark.parametrize(("text", "place"), [("a {object.n", (1, 3)), ("a\nb {'}'", (2, 3)), ("{{{", (1, 3))])
def test_a_brace_that_never_closes_has_its_place(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(ExpressionError, match="never closed") as found:
        said(text)
    assert (found.value.line, found.value.column) == place
