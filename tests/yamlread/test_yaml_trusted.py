"""The fast parser, and what must not reach it."""

from __future__ import annotations

import pytest

from agentslint.yamlread import YamlError, load_trusted


def test_what_kustomize_prints_is_read_by_the_fast_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.yamlread.trusted.compose", lambda text: pytest.fail("the slow reader was asked"))
    text = 'a: 1\nb:\n- x\nrules: \'*\'\nscript: |\n  run && wait & echo *.txt "!"\n  # ! no * item\nc: "&x"\n'
    assert load_trusted(text)["script"] == 'run && wait & echo *.txt "!"\n# ! no * item\n'
    assert load_trusted("\ufeffa: 1\n") == {"a": 1}
    assert load_trusted("# nothing\n") is None


def test_aliases_and_tags_are_read_by_the_guarded_reader() -> None:
    assert load_trusted("a: &x [1]\nb: *x\nc: {d: *x}\n") == {"a": [1], "b": [1], "c": {"d": [1]}}
    assert load_trusted("a: !!binary aGk=\n!!str b: !x [1]\n") == {"a": "aGk=", "b": [1]}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{n}: &a{n} [{','.join(['*a' + str(n - 1 or '')] * 9)}]\n" for n in range(1, 10)),
        "&a [*a]\n",
        "- " * 100_000 + "a\n",
        "a:\n" + "- ? " * 50_000 + "a\n",
        "-\t" * 100_000 + "a\n",
        "[" * 100_000,
        "a: b: c\n",
        "a: 'b\n",
    ],
)
def test_bombs_and_broken_documents_are_errors(text: str) -> None:
    with pytest.raises(YamlError) as raised:
        load_trusted(text)
    assert raised.value.line >= 1
    assert raised.value.column >= 1


def test_the_place_of_an_error_is_told() -> None:
    with pytest.raises(YamlError) as raised:
        load_trusted("a: 1\nb: c: d\n")
    assert (raised.value.line, raised.value.column) == (2, 5)
