"""An expression that multiplies is refused before it is evaluated, however it is written."""

from __future__ import annotations

import pytest

from agentslint.cel import ExpressionError, Expressions, Unanswered

pytest.importorskip("cel_expr_python")

LONG = "a" * 40


def refusal(text: str) -> str:
    with pytest.raises(ExpressionError) as found:
        Expressions(("object",)).compile(text)
    return found.value.message


@pytest.mark.parametrize(
    "text",
    [
        "'aaaa'" + ".replace // c\n('a', 'aaaaaaaa')" * 9 + " == ''",
        "'aaaa'" + ".replace // (\n // \"\n ('', 'b')" * 7 + " == ''",
        "strings.quote(" * 7 + "'\"'" + ")" * 7 + " == ''",
        "strings . quote(" * 7 + "'\"'" + ")" * 7 + " == ''",
        "'a' == ''" + " || '%s'.format(['a']) == ''" * 7,
        "base64.encode(" * 7 + "b'a'" + ")" * 7 + " == ''",
        "['aaaaaaaaaa']" + ".map(x,x+x+x+x)" * 14 + ".size() == 1",
        "['aaaaaaaaaa']" + ".map(x, '//' == '' ? x : x+x+x+x)" * 14 + ".size() == 1",
        "[[1]]" + ".map(x,[x,x])" * 14 + " == []",
        "cel.bind(a, object.x, cel.bind(b, " + "+".join(["a"] * 200) + ", " + "+".join(["b"] * 200) + ")) == ''",
        "['a'].all(v, " + "".join(f"[{'+'.join(['v'] * 12)}].all(v, " for _ in range(6)) + "v == ''" + ")" * 7,
        "['a','b'].map(x, object.name).join('')" + ".split('').join('')" * 4 + " == ''",
        "optional.of('a')" + ".optMap(x, x + x)" * 14 + ".orValue('') == ''",
        f"'a'.replace('a', '{LONG}').replace('a', '{LONG}').replace('a', '{LONG}') == ''",
        "'a'.replace('a', object.name).replace('a', object.name) == ''",
        "['a', 'b'].join(object.name).replace('', object.name) == ''",
    ],
)
def test_what_multiplies_is_refused(text: str) -> None:
    assert any(said in refusal(text) for said in ("more than 6 times", "more than 10,000 times"))


@pytest.mark.parametrize(
    "text",
    [
        "object.items.map(c, has(c.a) ? c.a + ':' + c.b : c.b).join(', ') == ''",
        "object.name.replace('-', '_').replace('.', '_').replace('/', '_').replace(':', '_') == ''",
        "object.items.all(c, c.name + c.name + c.name + c.name + c.name + c.name == '')",
        "toJson(object).contains('replace(replace(replace(replace(replace(replace(replace(')",
        "object.items.map(a, a.items.map(b, a.name + '/' + b.name)).size() == 0 // join( join( join( join( join( join( join(",
        "'%s/%s'.format([object.namespace, object.name]) == ''",
        "object.name.replace(object.prefix, '') == ''",
    ],
)
def test_what_teams_write_is_read(text: str) -> None:
    Expressions(("object",)).compile(text)


def test_memory_that_ends_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Expressions(("object",))
    scope = asked.scope({"object": 1})

    class Full:
        def eval(self, activation: object) -> object:
            raise MemoryError

    assert isinstance(scope.read(Full()), Unanswered)
