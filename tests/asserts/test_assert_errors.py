"""A mistake in an assert ends the run with its line and column, before anything is rendered."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.errors import UsageError
from tests.asserts.repositories import PATCHED, report_of, written

pytest.importorskip("cel_expr_python")

GOOD = {"name": '"my-assert"', "that": "'true'", "message": '"m"'}


def table(**keys: str) -> str:
    return "[[assert]]\n" + "".join(f"{key} = {text}\n" for key, text in {**GOOD, **keys}.items())


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (table(that="'obj.spec == 1'"), "3:9", "there is no variable or function 'obj'; did you mean 'object'?"),
        (table(that="'''\ntrue &&\n  foo.bar'''"), "5:3", "no variable or function 'foo'"),
        (table(that="'''true &&\n  foo.bar'''"), "4:3", "no variable or function 'foo'"),
        (table(that='"object.kind == \\"A\\" && foo"'), "3:33", "no variable or function 'foo'"),
        (table(that="'container.name == \"a\"'"), "3:9", "no variable or function 'container'"),
        (table(that="'zzz.a'"), "3:9", "no variable or function 'zzz'; the variables are application"),
        (table(that="'value.a == 1'"), "3:9", "no variable or function 'value'; did you mean 'values'?"),
        (table(that="'values.a'", each="'targets'"), "3:9", "no variable or function 'values'"),
        (table(that="'object.a == '"), "3:", "Syntax error"),
        (table(that="'1 + 1'"), "3:9", "it gives a number instead of true or false"),
        (table(that="'[1].sum() == 1'"), "3:13", "sum is a function of Kubernetes that agentslint does not have"),
        (table(message="'a {object.kind} {foo}'"), "4:29", "message: there is no variable or function 'foo'"),
        (table(message="'''\na {object.kind}\nb {foo}'''"), "6:4", "no variable or function 'foo'"),
        (table(message="'a {object.kind'"), "4:14", "this brace is never closed"),
        (table(match="'foo'"), "5:10", "match: there is no variable"),
        (table(match="{environments = ['prod']}"), "5", "there is no [[environments]] named 'prod'"),
        (table(match="{kinds = ['Pod']}", each="'targets'"), "5", "kinds are those of objects"),
        (table(match="{kind = ['Pod']}"), "5", "did you mean 'kinds'?"),
        (table(name="'X Y'"), "2", "assert: 'X Y' is no rule ID: write"),
        (table(name="'require-digest'"), "2", "a rule has this name"),
        (table() + table(), "6", "there are two asserts of this name"),
        (table(each="'pods'"), "5", "'pods' is none of"),
        (table(at="'spec..x'"), "5", "is no path such as"),
        (table(at="'spec[x]'"), "5", "is no path such as"),
        (table(at="'spec.x'", each="'targets'"), "5", "at is a path in one object"),
        (table(at="'values.x'", each="'targets'"), "5", "values belong to the objects of a chart"),
        (table(level="'off'"), "5", "'off' is none of"),
    ],
)
def test_a_mistake_is_named_at_its_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    folder = written(tmp_path, PATCHED, text)
    with pytest.raises(UsageError) as found, report_of(folder):
        pass
    assert str(found.value).startswith(f"{folder / '.agentslint.toml'}:{place}")
    assert message in str(found.value)


def test_what_to_install_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint.cel import library

    def absent() -> None:
        raise UsageError("install agentslint-gitops[cel]")

    monkeypatch.setattr(library, "_environment", lambda variables: absent())
    with pytest.raises(UsageError, match=r"agentslint-gitops\[cel\]"), report_of(written(tmp_path, PATCHED, table())):
        pass
