"""Streams are taken apart where a YAML reader would, and every document keeps its line."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agentslint.facts.stream import kind_of, plain_kind, read_manifests
from agentslint.model import Failure, Rendering, Target, TargetKind
from agentslint.model.listed_manifests import head_of, items
from agentslint.yamlread import YamlError
from agentslint.yamlread.split_documents import split


def read(stream: str | bytes, kind: TargetKind = TargetKind.STREAM, skip: tuple[str, ...] = ()) -> Any:
    data = stream.encode() if isinstance(stream, str) else stream
    target = Target("app", kind, Path(), "app/kustomization.yaml" if kind is TargetKind.KUSTOMIZATION else "stream.yaml")
    return read_manifests(Rendering(target, data), lambda kind: kind not in skip)


def manifest(name: str, kind: str = "Pod", more: str = "") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n{more}"


def where(failure: Failure) -> tuple[int, int]:
    assert failure.location is not None
    return failure.location.region.start_line, failure.location.region.start_column


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (b"", []),
        (b"---\n", []),
        (b"---\n---\n# nothing\n---", []),
        (b"a: 1", [1]),
        (b"a: 1\n---\nb: 1\n", [1, 3]),
        (b"---\na: 1\n---\n---\nb: 1", [2, 5]),
        (b"--- # c\n# c\na: 1\n", [2]),
        (b"--- {a: 1}\n--- {b: 1}\n", [1, 2]),
        (b"--- |\n  text\n--- 'x'", [1, 3]),
        (b"a: 1\n...\n---\nb: 1\n...\n", [1, 4]),
        (b"%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 1\n", [3, 7]),
        (b"a: |\n  ---\n  ...\n---\nb: 1\n", [1, 5]),
        (b"a: 1\n---b: 1\n----\n", [1]),
        (b"a: 1\r\n---\r\nb: 1\r\n", [1, 3]),
        (b"\xef\xbb\xbf---\r\na: 1\r\n---\r\n\xef\xbb\xbfb: 1\r\n", [2, 4]),
        (b"a: 1\n\xef\xbb\xbf---\nb: 1\n", [1, 3]),
        (b"\xef\xbb\xbf# only a comment\n", []),
    ],
)
def test_documents_and_the_lines_on_which_they_start(stream: bytes, lines: list[int]) -> None:
    assert [line for _, line in split(stream)] == lines


NAMES = st.text("abcdefghijklmnop-", min_size=1, max_size=8).map(lambda text: f"x{text}")
TEXTS = st.sampled_from(
    [
        "plain",
        "",
        "---",
        "a\n---\nb\n",
        "...\n",
        "kind: Other\n",
        "- a\n- b",
        "'",
        '"',
        "# no comment",
        "ü→",
        "1",
        "true",
        "null",
        " lead",
        "a: b\n",
        "\t",
    ]
)
DOCUMENTS = st.builds(
    lambda name, namespace, kind, texts, labels: {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {
            "name": name,
            **({"namespace": namespace} if namespace else {}),
            "annotations": dict(enumerate_keys(texts)),
            "labels": labels,
        },
        "data": dict(enumerate_keys(texts)),
    },
    NAMES,
    NAMES | st.none(),
    st.sampled_from(["Pod", "ConfigMap", "CustomResourceDefinition", "Secret"]),
    st.lists(TEXTS, max_size=4),
    st.dictionaries(NAMES, NAMES, max_size=2),
)
MARKS = st.sampled_from(["---\n", "--- # next\n", "---   \n", "...\n---\n", "---\n# comment\n---\n", "---\n\n"])
STYLES = st.fixed_dictionaries(
    {
        "default_style": st.sampled_from([None, "|", '"', "'"]),
        "default_flow_style": st.booleans(),
        "allow_unicode": st.booleans(),
        "indent": st.sampled_from([2, 4]),
    }
)


def enumerate_keys(texts: list[str]) -> list[tuple[str, str]]:
    return [(f"key-{number}", text) for number, text in enumerate(texts)]


@given(st.lists(st.tuples(DOCUMENTS, MARKS, STYLES), max_size=5), st.booleans(), st.booleans())
def test_splitting_finds_what_a_yaml_reader_finds(
    rows: list[tuple[dict[str, Any], str, dict[str, Any]]], crlf: bool, first_mark: bool
) -> None:
    parts = [
        (mark if number else "---\n" if first_mark else "") + yaml.safe_dump(body, **style)
        for number, (body, mark, style) in enumerate(rows)
    ]
    text = "".join(parts).replace("\n", "\r\n" if crlf else "\n")
    expected = [body for body in yaml.safe_load_all(text) if body is not None]
    found = list(split(text.encode()))
    assert [yaml.safe_load(data) for data, _ in found] == expected == [body for body, _, _ in rows]
    lines = text.encode().split(b"\n")
    for data, line in found:
        assert data.startswith(lines[line - 1])
    documents = read(text)
    assert documents.failures == ()
    assert [m.body for m in documents.manifests] == expected
    assert documents.total == len(expected)


@given(DOCUMENTS, STYLES)
def test_a_kind_is_read_without_parsing_only_where_it_is_the_kind(body: dict[str, Any], style: dict[str, Any]) -> None:
    data = yaml.safe_dump(body, **style).encode()
    assert plain_kind(data) in ("", body["kind"])
    usual = yaml.safe_dump({key: body[key] for key in ("apiVersion", "kind", "metadata")}, sort_keys=False).encode()
    assert (plain_kind(usual), kind_of(usual)) == (body["kind"], body["kind"])


@pytest.mark.parametrize(
    "trick",
    [
        'note: "\nkind: CustomResourceDefinition\n"\napiVersion: v1\n"kind": Pod\n',
        "note: '\nkind: CustomResourceDefinition\n'\napiVersion: v1\n? kind\n: Pod\n",
        "{apiVersion: v1, a: [{\nkind: CustomResourceDefinition\n}], kind: Pod}\n",
        "apiVersion: v1\nkind: CustomResourceDefinition\n...\n---\nkind: Pod\napiVersion: v1\n",
    ],
)
def test_no_trick_hides_a_manifest_among_kinds_that_nobody_asks_for(trick: str) -> None:
    documents = read(trick, skip=("CustomResourceDefinition",))
    assert [m.kind for m in documents.manifests] == ["Pod"]


def test_kinds_that_nobody_asks_for_are_passed_over_unparsed_but_counted() -> None:
    broken = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: [\n"
    documents = read(f"{broken}---\n{manifest('a')}", skip=("CustomResourceDefinition",))
    assert ([m.name for m in documents.manifests], documents.total, documents.failures) == (["a"], 2, ())


def test_each_manifest_has_its_head_its_number_and_its_line() -> None:
    second = manifest("b", "Job", "  namespace: prod\n")
    stream = f"{manifest('a')}---\n# c\n\n{second}---\nkind: X\nmetadata: {{generateName: g-}}\n"
    found = read(stream).manifests
    assert [(m.index, m.resource, m.namespace, m.api_version, m.line) for m in found] == [
        (0, "Pod/a", "", "v1", 1),
        (1, "Job/b", "prod", "v1", 6),
        (2, "X/g-", "", "", 14),
    ]


@pytest.mark.parametrize(
    ("broken", "place", "message"),
    [
        ("a: [\n", (7, 1), "did not find"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {a: 1, a: 2}\n", (8, 18), "duplicate key 'a'"),
        ("\tkind: Pod\n", (6, 1), "a tab"),
        ("- a\n", (6, 1), "this document is a list"),
        ("text\n", (6, 1), "the scalar 'text'"),
        ("apiVersion: v1\n", (6, 1), "a mapping without kind"),
        ("apiVersion: v1\nkind: ''\n", (6, 1), "a mapping without kind"),
        ("apiVersion: v1\nkind: List\nitems: [{kind: Pod}, [], 1]\n", (6, 1), "item 1 of this List is a list"),
    ],
)
def test_a_broken_document_is_told_by_its_line_and_those_after_it_are_read(broken: str, place: tuple[int, int], message: str) -> None:
    documents = read(f"{manifest('before')}---\n{broken}---\n{manifest('after')}")
    assert [m.name for m in documents.manifests if m.name] == ["before", "after"]
    (failure,) = documents.failures
    assert (where(failure), message in failure.message) == (place, True), failure


@pytest.mark.parametrize("broken", ["kind: Pod\nspec: [\n", "- a\n", "kind: Pod\n- a\n"])
def test_what_a_renderer_printed_has_no_file_so_its_line_is_said(broken: str) -> None:
    documents = read(f"{manifest('before')}---\n{broken}---\n{manifest('after')}", TargetKind.KUSTOMIZATION)
    assert [m.name for m in documents.manifests] == ["before", "after"]
    (failure,) = documents.failures
    assert (failure.location, failure.message.startswith("line ")) == (None, True)
    assert int(failure.message.split()[1]) in range(6, 9)
    assert "of the rendering: " in failure.message


def test_bytes_that_are_no_text_are_told_by_their_line() -> None:
    stream = f"{manifest('a')}---\n{manifest('b')}".encode() + b"  x: \xff\n"
    for kind in (TargetKind.STREAM, TargetKind.KUSTOMIZATION):
        documents = read(stream, kind)
        assert [m.name for m in documents.manifests] == ["a"]
        (failure,) = documents.failures
        assert "byte 0xff is not UTF-8" in failure.message
        assert where(failure)[0] == 10 if kind is TargetKind.STREAM else "line 10 " in failure.message


def test_lists_are_taken_apart_however_deep_with_the_way_to_each_item() -> None:
    inner = {"kind": "List", "items": [{"kind": "Pod", "metadata": {"name": "b"}}, {"kind": "List", "items": []}]}
    body = {"apiVersion": "v1", "kind": "List", "items": [{"kind": "Job", "metadata": {"name": "a"}}, inner]}
    assert [(prefix, head_of(item).name) for prefix, item in items(body)] == [(("items", 0), "a"), (("items", 1, "items", 0), "b")]


def test_the_items_of_a_typed_list_are_of_its_kind_unless_they_say_otherwise() -> None:
    body = {"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}}, {"kind": "Job", "metadata": {"name": "b"}}]}
    assert [(item["kind"], item.get("apiVersion")) for _, item in items(body)] == [("Pod", "v1"), ("Job", None)]


@pytest.mark.parametrize(
    "body", [{"kind": "AllowList", "items": ["a", "b"]}, {"kind": "AllowList", "spec": {}}, {"kind": "List", "items": "x"}]
)
def test_a_resource_whose_kind_only_ends_like_a_list_is_itself(body: dict[str, Any]) -> None:
    assert list(items(body)) == [((), body)]


def test_an_item_that_is_no_manifest_is_an_error() -> None:
    with pytest.raises(YamlError, match="item 0 of this List is the scalar 'x'"):
        list(items({"kind": "List", "items": ["x"]}))


def test_the_items_of_a_long_list_share_their_text() -> None:
    body = {"apiVersion": "v1", "kind": "List", "items": [{"kind": "Pod", "metadata": {"name": f"p{n}"}} for n in range(1000)]}
    found = read(yaml.safe_dump(body)).manifests
    assert len(found) == 1000
    assert len({id(m.text) for m in found}) == 1


def test_garbage_of_any_kind_is_told_or_read_never_raised() -> None:
    chance = random.Random(7)
    pieces = [
        b"---\n",
        b"kind: Pod\n",
        b"{",
        b"}",
        b"[",
        b"\xff",
        b"\x00",
        b"- ",
        b"a: ",
        b"'",
        b'"',
        b"&a ",
        b"*a",
        b"!!x ",
        b"\n",
        b"  ",
        b"\t",
        b"|\n",
        b"%YAML 1.2\n",
        b"...\n",
        b"<<: ",
    ]
    for _ in range(3000):
        stream = b"".join(chance.choice(pieces) for _ in range(chance.randrange(12)))
        for kind in TargetKind:
            documents = read(stream, kind)
            assert documents.total >= len(documents.failures)
