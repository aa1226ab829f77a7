"""Only true and false are answers; every mistake in an expression has its place."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.cel import ExpressionError, Expressions, Missing, Unanswered

pytest.importorskip("cel_expr_python")

OBJECT = {"spec": {"replicas": 3, "none": None, "ports": [80], "name": "web"}, "metadata": {"labels": {"app.kubernetes.io/name": "web"}}}


def ask(text: str, value: Any = OBJECT) -> Any:
    asked = Expressions(("object",))
    return asked.compile(text).ask(asked.scope({"object": value}))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("object.spec.paused", "paused"),
        ("object.spec.paused == false", "paused"),
        ("object.spec.template.spec.x == 1", "template"),
        ("object.metadata.labels['app'] == 'web'", "app"),
        ("!object.spec.paused", "paused"),
        ("object.spec.ports[3] == 80", ""),
        ("object.spec.none.inner == 1", ""),
        ("object.spec.ports.all(p, p == object.spec.port)", "port"),
    ],
)
def test_a_field_that_is_not_there_is_no_answer(text: str, name: str) -> None:
    answer = ask(text)
    assert isinstance(answer, Missing)
    assert answer.name == name


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0 == 1",
        "object.spec.replicas < 'a'",
        "object.spec.name.matches('a(')",
        "object.spec.replicas",
        "object.spec.name",
        "object.spec",
        "object.spec.none",
        "dyn([1, 2, 3].map(x, x))",
    ],
)
def test_a_failure_is_no_answer(text: str) -> None:
    assert isinstance(ask(text), Unanswered)


@pytest.mark.parametrize(
    "text",
    [
        "object.spec.replicas == 3",
        "has(object.spec.replicas) && !has(object.spec.paused)",
        "object.?spec.?paused.orValue(false) == false",
        "object.spec.paused || true",
        "'a,b'.split(',') == ['a', 'b']",
        "math.greatest(1, 2) == 2",
        "cel.bind(x, object.spec.replicas, x * x == 9)",
        "base64.encode(b'abc') == 'YWJj'",
        "'%d-%s'.format([1, 'a']) == '1-a'",
    ],
)
def test_extensions_answer(text: str) -> None:
    assert ask(text) is True


def test_what_is_no_answer_is_not_taken_for_one() -> None:
    with pytest.raises(TypeError):
        bool(ask("1 / 0 == 1"))
    with pytest.raises(TypeError):
        bool(ask("object.none"))


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("objet.spec == 1", 1, 1, "no variable or function 'objet'; the variables are object"),
        ("true &&\n  objet.spec == 1", 2, 3, "no variable or function 'objet'"),
        ("object.spec.(", 1, 13, "Syntax error"),
        ("", 1, 1, "Syntax error"),
        ("1 + 'a' == 2", 1, 3, "no matching overload"),
        ("'a'", 1, 1, "it gives a text instead of true or false"),
        ("size(object)", 1, 1, "it gives a number instead of true or false"),
        ("[object]", 1, 1, "it gives a list instead of true or false"),
        ("quantity(1) == quantity('1')", 1, 9, "no matching overload for 'quantity'"),
        ("+".join(["1"] * 5_000), 1, 1, "characters"),
        ("(" * 300 + "true" + ")" * 300, 1, 1, "recursion"),
        ("cel.bind(a, 1, true) && " * 9 + "true", 1, 149, "more than 6 times"),
        ("toJson(" * 9 + "object" + ")" * 9 + " != ''", 1, 43, "more than 6 times"),
    ],
)
def test_a_mistake_has_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as found:
        Expressions(("object",)).compile(text)
    assert message in found.value.message
    assert (found.value.line, found.value.column) == (line, column)


def test_an_expression_that_is_no_condition_gives_its_value() -> None:
    asked = Expressions(("object",))
    found = asked.compile("object.spec.replicas + 1", condition=False).read(asked.scope({"object": OBJECT}))
    assert found == 4


@pytest.mark.parametrize("value", [2**64, -(2**70), 10**400, {None: 1}, {1.5: 1}, (1, 2), "\ud800"])
def test_a_value_that_cel_has_no_type_for_disturbs_no_other(value: Any) -> None:
    assert ask("object.good == 1 && has(object.bad)", {"bad": value, "good": 1}) is True


def test_long_comprehensions_end() -> None:
    many = {"items": list(range(1_000))}
    answer = ask("object.items.all(a, object.items.all(b, object.items.all(c, a + b + c >= 0)))", many)
    assert isinstance(answer, Unanswered)
    assert "Iteration budget exceeded" in answer.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_object_equals_itself(value: Any) -> None:
    assert ask("object == object", value) is True


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_a_located_mistake(text: str) -> None:
    found = mistake(text)
    assert found is None or (found.message and found.line >= 1 and found.column >= 1)


def mistake(text: str) -> ExpressionError | None:
    try:
        Expressions(("object",)).compile(text)
    except ExpressionError as error:
        return error
    return None


def test_the_library_is_imported_by_the_first_expression_only() -> None:
    script = "import sys, agentslint.cel; sys.exit(any(name.startswith('cel_expr_python') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint.cel import library
    from agentslint.errors import UsageError

    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    library._library.cache_clear()
    library._environment.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"agentslint-gitops\[cel\]"):
            Expressions(("object",))
    finally:
        library._library.cache_clear()
        library._environment.cache_clear()
