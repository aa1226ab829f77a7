"""Where things stand: 1-based, in code points, the end exclusive."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.model import Region
from agentslint.yamlread import Scalar, YamlError, compose, region_at, scalars, value

FILE = """\
# 😀 in a comment
image: ghcr.io/acme/agents   # note
"quoted key": 'single 😀 text'
list:
- plain
- "double \\u00e9"
-   nested: &anchor deep
    tagged: !!str 12
other: *anchor
multi: one
  two
quoted: "one
  two"
literal: |
  first
  second

folded: >-
  first
  second
# comment
flow: {a: [b, 'c'], 😀: d}
empty:
last: end"""


def _places() -> dict[Any, tuple[str, tuple[int, int, int, int]]]:
    (node,) = compose(FILE)
    return {scalar.pointer: (scalar.style, _tuple(scalar.region)) for scalar in scalars(node)}


def _tuple(region: Region | None) -> tuple[int, int, int, int]:
    assert region is not None
    return region.start_line, region.start_column, region.end_line, region.end_column


@pytest.mark.parametrize(
    ("pointer", "style", "place"),
    [
        (("image",), "plain", (2, 8, 2, 27)),
        (("quoted key",), "single", (3, 16, 3, 29)),
        (("list", 0), "plain", (5, 3, 5, 8)),
        (("list", 1), "double", (6, 4, 6, 17)),
        (("list", 2, "nested"), "plain", (7, 21, 7, 25)),
        (("list", 2, "tagged"), "plain", (8, 19, 8, 21)),
        (("other",), "plain", (7, 21, 7, 25)),
        (("multi",), "plain", (10, 8, 11, 6)),
        (("quoted",), "double", (12, 9, 13, 7)),
        (("literal",), "literal", (14, 10, 16, 9)),
        (("folded",), "folded", (18, 9, 20, 9)),
        (("flow", "a", 0), "plain", (22, 12, 22, 13)),
        (("flow", "a", 1), "single", (22, 16, 22, 17)),
        (("flow", "😀"), "plain", (22, 24, 22, 25)),
        (("empty",), "plain", (23, 7, 23, 7)),
        (("last",), "plain", (24, 7, 24, 10)),
    ],
)
def test_every_style_has_its_place(pointer: Any, style: str, place: tuple[int, int, int, int]) -> None:
    assert _places()[pointer] == (style, place)


def test_the_key_has_a_place_too() -> None:
    (node,) = compose(FILE)
    keys = {scalar.pointer: scalar.key_region for scalar in scalars(node)}
    assert _tuple(keys["quoted key",]) == (3, 2, 3, 12)
    assert _tuple(keys["list", 2, "tagged"]) == (8, 5, 8, 11)
    assert keys["list", 0] is None


@pytest.mark.parametrize(
    ("pointer", "key", "place"),
    [
        (("image",), False, (2, 8, 2, 27)),
        (("image",), True, (2, 1, 2, 6)),
        (("list",), False, (5, 1, 8, 21)),
        (("list",), True, (4, 1, 4, 5)),
        (("list", 2), False, (7, 5, 8, 21)),
        (("list", 2), True, (7, 5, 8, 21)),
        (("flow",), False, (22, 7, 22, 26)),
        (("flow", "a"), False, (22, 11, 22, 19)),
        ((), False, (2, 1, 24, 10)),
    ],
)
def test_a_path_leads_to_its_place(pointer: Any, key: bool, place: tuple[int, int, int, int]) -> None:
    (node,) = compose(FILE)
    assert _tuple(region_at(node, pointer, key=key)) == place


@pytest.mark.parametrize("pointer", [("gone",), ("list", 9), ("list", -1), ("list", "0"), ("image", "x"), ("flow", 0)])
def test_a_path_to_nothing_has_no_place(pointer: Any) -> None:
    (node,) = compose(FILE)
    assert region_at(node, pointer) is None


def test_what_yaml_alone_calls_a_line_break_moves_no_line() -> None:
    (node,) = compose("a: 'x\u2028y'\nb: c # \u0085\nd: e\n")
    assert [_tuple(scalar.region) for scalar in scalars(node)] == [(1, 5, 1, 8), (2, 4, 2, 5), (3, 4, 3, 5)]
    with pytest.raises(YamlError) as raised:
        compose("a: 'x\u2028y'\nb: c: d\n")
    assert (raised.value.line, raised.value.column) == (2, 5)


def test_properties_before_a_scalar_are_no_part_of_it() -> None:
    (node,) = compose("a: !!str &x # why\n  # more\n  'text'\nb: &y\n  plain\n")
    assert [_tuple(scalar.region) for scalar in scalars(node)] == [(3, 4, 3, 8), (5, 3, 5, 8)]


def test_what_a_merge_brings_in_points_at_where_it_is_written() -> None:
    (node,) = compose("x: &x\n  tag: v1\nz:\n  <<: *x\n  own: 2\n")
    assert {scalar.pointer: scalar.region.start_line for scalar in scalars(node)} == {("x", "tag"): 2, ("z", "tag"): 2, ("z", "own"): 5}


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8)
_TREES = st.recursive(
    _TEXT | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=12,
)


_FLOWS = st.sampled_from([None, True, False])
_QUOTES = st.sampled_from([None, "'", '"'])


@given(tree=_TREES, flow=_FLOWS, style=_QUOTES, bom=st.booleans(), crlf=st.booleans())
def test_the_text_at_a_region_is_the_scalar(tree: Any, flow: bool | None, style: str | None, bom: bool, crlf: bool) -> None:
    import yaml

    text = "# 😀\n" + yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, default_style=style, width=10_000)
    text = text.replace("\n", "\r\n") if crlf else text
    lines = [line.rstrip("\r") for line in text.split("\n")]
    for node in compose((("\ufeff" if bom else "") + text).encode()):
        for scalar in scalars(node):
            assert region_at(node, scalar.pointer) == scalar.region
            if scalar.region.start_line == scalar.region.end_line:
                assert _read(lines, scalar) == scalar.text


@given(tree=_TREES)
def test_values_survive_the_round_trip(tree: Any) -> None:
    import yaml

    (node,) = compose(yaml.dump(tree, Dumper=_Quoted, allow_unicode=True))
    assert value(node) == _texts(tree)


def _read(lines: list[str], scalar: Scalar) -> str:
    """What stands at the scalar's region: the text itself, or inside of quotes its escaped form."""
    import yaml

    region = scalar.region
    text = lines[region.start_line - 1][region.start_column - 1 : region.end_column - 1]
    quote = {"single": "'", "double": '"'}.get(scalar.style)
    return str(yaml.safe_load(quote + text + quote)) if quote else text


def _texts(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _texts(item) for key, item in tree.items()}
    return [_texts(item) for item in tree] if isinstance(tree, list) else str(tree)


def _quoted_dumper() -> Any:
    import yaml

    class Quoted(yaml.SafeDumper):
        """Writes every scalar as a quoted text, so that nothing is resolved."""

    for kind in (str, int, bool, type(None)):
        Quoted.add_representer(kind, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style='"'))
    return Quoted


_Quoted = _quoted_dumper()
