"""People's files: read with positions, guarded against what YAML can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from agentslint.yamlread import YamlError, compose, region_at, scalars, value


@pytest.fixture(autouse=True, params=["c", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Every test runs with PyYAML's C part and without it."""
    from agentslint.yamlread.compose import _loader

    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader")
    _loader.cache_clear()
    yield request.param
    _loader.cache_clear()


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        ("a: b: c\n", 1, 5, "mapping values are not allowed"),
        ("a: [1\nb: 2\n", 2, 2, "did not find expected|expected ',' or"),
        ("a:\n\tb: 1\n", 2, 1, "a tab where YAML allows only spaces"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a'"),
        ("x:\n  - a: 1\n    'a': 2\n", 3, 6, "duplicate key 'a'"),
        (b"a: 1\nb: \xff\n", 2, 4, "byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbf\xff", 1, 1, "not UTF-8"),
        ("a: 1\nb: \0\n", 2, 4, r"control character U\+0000"),
        ("image: {{ .Values.image }}\n", 1, 9, "a key must be a scalar"),
        ("[a]: b\n", 1, 1, "a key must be a scalar"),
        ("- 1\n- *gone\n", 2, 3, r"the anchor of this alias is unknown"),
        ("a: &a\n  b: *a\n", 2, 6, r"the anchor of this alias holds itself"),
        ("a: &x 1\n---\nb: *x\n", 3, 4, "is unknown"),
        ("a: {<<: 1}\n", 1, 9, "a merge key"),
        ("[" * 300 + "]" * 300, 1, 200, "nested deeper than 200 levels"),
        ("- " * 300 + "a", 1, 399, "nested deeper than 200 levels"),
    ],
)
def test_what_is_broken_is_refused_with_its_place(content: str | bytes, line: int, column: int, message: str) -> None:
    with pytest.raises(YamlError, match=message) as raised:
        compose(content, "app/values.yaml")
    assert (raised.value.line, raised.value.column) == (line, column)
    assert str(raised.value).startswith(f"app/values.yaml:{line}:{column}: ")


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    with pytest.raises(YamlError, match="the aliases expand to more than 1000000 nodes") as raised:
        compose(bomb)
    assert raised.value.line == 6


def test_aliases_below_the_bound_are_fine() -> None:
    (node,) = compose("a: &a [x, z]\nb: &b {k: *a, l: *a}\nc: [*b, *b]\n")
    both = {"k": ["x", "z"], "l": ["x", "z"]}
    assert value(node) == {"a": ["x", "z"], "b": both, "c": [both, both]}


def test_aliases_count_towards_the_depth() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))
    with pytest.raises(YamlError, match="nested deeper than 200 levels"):
        compose(chain)


def test_as_deep_as_allowed_can_be_walked() -> None:
    (node,) = compose("[" * 190 + "x" + "]" * 190)
    assert len(next(iter(scalars(node))).pointer) == 190
    assert str(value(node)).count("[") == 190


def test_duplicate_keys_are_kept_where_asked_and_the_last_counts() -> None:
    (node,) = compose("a: 1\na: 2\n", duplicate_keys=True)
    assert value(node) == {"a": 2}
    region = region_at(node, ("a",))
    assert region is not None
    assert region.start_line == 2


def test_a_document_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.yamlread.source.MAX_CHARACTERS", 100)
    with pytest.raises(YamlError, match="longer than 100 characters"):
        compose("a: " + "x" * 100)


@pytest.mark.parametrize("content", ["", "\n", "# comment\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_document(content: str | bytes) -> None:
    assert compose(content) == []


def test_documents_come_in_order() -> None:
    assert [value(node) for node in compose("a: 1\n---\n---\n- x\n...\n---\ntext\n")] == [{"a": 1}, None, ["x"], "text"]


def test_bom_and_crlf_are_fine() -> None:
    (node,) = compose(b"\xef\xbb\xbfa: b\r\nc:\r\n- 'd'\r\n")
    assert value(node) == {"a": "b", "c": ["d"]}
    places = [(scalar.region.start_line, scalar.region.start_column, scalar.region.end_column) for scalar in scalars(node)]
    assert places == [(1, 4, 5), (3, 4, 5)]
