"""A text in a text is found where it is written, in whatever style somebody wrote the outer one."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from agentslint.authorship.embedded import inner_scalars
from agentslint.yamlread import Scalar, compose, scalars

_TEXTS = st.one_of(
    st.sampled_from(["ghcr.io/acme/web:v1", "it's", 'a "q"', "x\\y", "a\tb", "1.2", "é", "  two", "end ", "#no", "a: b", "two\nlines"]),
    st.text(max_size=12),
)
_BODIES = st.lists(st.fixed_dictionaries({"op": st.just("replace"), "path": st.just("/spec"), "value": _TEXTS}), min_size=1, max_size=3)
_INNER = st.one_of(
    _BODIES.map(json.dumps),
    _BODIES.map(lambda body: json.dumps(body, indent=2, ensure_ascii=False)),
    st.tuples(_BODIES, st.sampled_from([None, '"', "'"]), st.sampled_from([20, 200])).map(
        lambda each: yaml.safe_dump(each[0], default_style=each[1], width=each[2])
    ),
)


def _text(inner: str, style: str, width: int) -> str:
    tag = "tag:yaml.org,2002:str"
    pairs: list[tuple[Any, Any]] = [(yaml.ScalarNode(tag, "patch"), yaml.ScalarNode(tag, inner, style=style))]
    return str(yaml.serialize(yaml.MappingNode("tag:yaml.org,2002:map", pairs), width=width, allow_unicode=True))


def _inner(text: str) -> list[Scalar]:
    lines = text.split("\n")
    (node,) = compose(text, "", duplicate_keys=True)
    return [found for _, each in inner_scalars(next(scalars(node)), lines) for found in each]


@given(inner=_INNER, style=st.sampled_from(['"', "'", ">", "|"]), width=st.sampled_from([30, 1000]))
@example(inner='[\n {"value": "\x85",\n "path": "/spec"}]', style="|", width=30)
def test_each_scalar_is_the_text_at_its_place(inner: str, style: str, width: int) -> None:
    text = _text(inner, style, width)
    lines = text.split("\n")
    for found in _inner(text):
        region = found.region
        if region.start_line == region.end_line and region.end_column - region.start_column == len(found.text):
            assert lines[region.start_line - 1][region.start_column - 1 : region.end_column - 1] == found.text


@pytest.mark.parametrize("style", ['"', "'", ">", "|"])
@pytest.mark.parametrize("width", [20, 1000])
def test_an_image_is_found_in_each_style(style: str, width: int) -> None:
    inner = json.dumps([{"op": "add", "path": "/spec/it's", "value": {"image": "ghcr.io/acme/web:v1"}}])
    assert "ghcr.io/acme/web:v1" in [each.text for each in _inner(_text(inner, style, width))]
