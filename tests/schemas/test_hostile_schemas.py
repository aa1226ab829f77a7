"""Odd and hostile schemas: they cost a bounded time, silence no other schema, and what they leave out is counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.cel import is_installed
from agentslint.schemas.json_schemas import JsonSchemas
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.keywords import TooManyStepsError
from agentslint.schemas.patterns import UnmatchableError, matches
from agentslint.schemas.violations import Broken
from tests.schemas.test_schema_sources import AGENT, KUSTOMIZATION, RULES, definition, lint, notes
from tests.suppress.command_in_process import Run, Tree

OTHER = "---\napiVersion: example.com/v1\nkind: Other\nmetadata: {name: web}\nspec: {size: x}\n"
ODD = {
    "contains itself": {"anyOf": [{"$ref": "#"}]},
    "is its own opposite": {"not": {"$ref": "#"}},
    "infinite": {"properties": {"spec": {"properties": {"size": {"minimum": float("inf")}}}}},
}


def doubled(levels: int, last: Any) -> dict[str, Any]:
    parts = {f"d{number}": {"anyOf": [{"$ref": f"#/definitions/d{number + 1}"}] * 2} for number in range(levels)}
    return {"type": "object", "properties": {"spec": {"$ref": "#/definitions/d0"}}, "definitions": {**parts, f"d{levels}": last}}


def loaded(document: Any) -> ObjectSchema:
    return JsonSchemas(lambda path: json.dumps(document).encode()).load("a.json")


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_schema_leaves_out_its_own_objects_only(run: Run, tree: Tree, odd: str) -> None:
    size = {"type": "object", "properties": {"spec": {"properties": {"size": {"type": "integer"}}}}}
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": f"{AGENT}{{size: 1}}\n{OTHER}",
        "schemas/agent-example-v1.json": json.dumps({"type": "object", **ODD[odd]}), "schemas/other-example-v1.json": json.dumps(size),
        ".agentslint.toml": '[schemas]\npaths = ["schemas"]\n',
    })  # fmt: skip
    done = lint(run, tree)
    assert done.messages("schema-violation") == ["spec.size of Other/web must be an integer, not the text 'x'"]
    assert "objects whose schema cannot be evaluated: example.com/v1 Agent/web of app" in notes(done)


def test_alternatives_within_alternatives_take_a_bounded_number_of_steps(run: Run, tree: Tree) -> None:
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x}\n",
        "agent-example-v1.json": json.dumps(doubled(40, {"type": "string"})), ".agentslint.toml": '[schemas]\npaths = ["*.json"]\n',
    })  # fmt: skip
    done = lint(run, tree)
    assert done.results == []
    assert "objects whose schema takes too many steps: example.com/v1 Agent/web of app" in notes(done)


def test_an_object_has_its_steps_for_itself() -> None:
    schema = loaded(doubled(40, {"type": "string"}))
    with pytest.raises(TooManyStepsError):
        schema.judge({"spec": {}})
    assert schema.judge({}).violations == []


def test_a_refused_schema_is_shown_no_longer_than_it_is_read() -> None:
    wide = doubled(40, {"type": "integer"})
    document = {**wide, "properties": {"spec": {"not": {"type": "object", "properties": {"x": {"$ref": "#/definitions/d0"}}}}}}
    [found] = loaded(document).judge({"spec": {}}).violations
    assert found.text.startswith("must not fit {")
    assert len(found.text) < 80


def test_dependencies_hold_and_malformed_ones_restrict_nothing() -> None:
    document = {"dependencies": {"a": ["b"], "c": {"$ref": "#/definitions/needs"}}, "definitions": {"needs": {"required": ["d"]}}}
    spec = {"type": "object", "properties": {"spec": {"dependencies": {"a": 5}}}, "definitions": document["definitions"]}
    assert loaded(spec).judge({"spec": {"a": 1}}).violations == []
    assert len(loaded({"type": "object", **document, "properties": {}}).judge({"a": 1, "c": 1}).violations) == 2


VALUES = st.recursive(
    st.integers(0, 2) | st.sampled_from([0.0, 1.0, 1.5, True, False, "1", None]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


@given(st.lists(VALUES, max_size=6))
def test_unique_items_are_those_of_the_json_schema_library(items: list[Any]) -> None:
    from jsonschema import Draft7Validator

    document = {"type": "object", "properties": {"spec": {"type": "array", "uniqueItems": True, "items": {}}}}
    found = [each for each in loaded(document).judge({"spec": items}).violations if each.breach is Broken.VALUE]
    assert bool(found) == (not Draft7Validator({"uniqueItems": True}).is_valid(items))


@pytest.mark.parametrize("pattern", ["((a{300}){300}){300}", "(?:x(a{40}b|c{2})){30}", "((a{1,32}){1,32}){2}", "((?:a{101})+){10}"])
def test_repeats_within_repeats_have_a_limit(pattern: str) -> None:
    with pytest.raises(UnmatchableError):
        matches(pattern, "a")


@pytest.mark.parametrize("pattern", ["((a{10}){10}){10}", "a{1000}b{1000}", r"[a-z]{9}(\.[({]{1,63}){0,15}", "(a{500})(b{2})"])
def test_repeats_up_to_the_limit_are_matched(pattern: str) -> None:
    assert not matches(pattern, "")


@pytest.mark.skipif(not is_installed(), reason="needs cel-expr-python")
@pytest.mark.parametrize("options", [(), ("--untrusted",)])
def test_rules_of_an_untrusted_tree_are_counted_and_not_asked(run: Run, tree: Tree, options: tuple[str, ...]) -> None:
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": definition(RULES) + AGENT + "\n  size: 1\n  more: 1\n"})
    done = lint(run, tree, *options)
    broken = [message for message in done.messages("schema-violation") if "rule" in message]
    counted = "which may take any time and memory (--untrusted): 1 time" in notes(done)
    assert (len(broken), counted) == ((0, True) if options else (1, False))
    assert len(done.messages("schema-violation")) == len(broken) + 1
