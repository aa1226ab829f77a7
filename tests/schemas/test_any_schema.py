"""Whatever a definition and an object hold, judging them ends with a judgement."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentslint.schemas.definitions import definition
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.well_formed import well_formed

KEYS = st.sampled_from(["a", "b", "spec", "metadata", "labels", "name", "a-b", ""])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["", "a", "1", "2020-01-01", "{", "^a$"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12)
WORDS = [
    *("type", "properties", "additionalProperties", "items", "required", "enum", "pattern", "format", "minimum", "maximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "nullable", "default", "anyOf", "oneOf", "allOf", "not"),
    *("exclusiveMinimum", "exclusiveMaximum", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"),
    *("x-kubernetes-embedded-resource", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-validations"),
]
TYPES = st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "map", "set"])
RULES = st.lists(st.fixed_dictionaries({"rule": st.sampled_from(["self.a > 1", "has(self.a)", "size(self) < 3", "oldSelf == self", "("])}))


def schemas(inner: Any) -> Any:
    of_keys = st.dictionaries(KEYS, inner, max_size=3)
    value = TYPES | VALUES | inner | of_keys | st.lists(inner, max_size=2) | st.lists(KEYS, max_size=2) | RULES
    return st.dictionaries(st.sampled_from(WORDS), value, max_size=5)


SCHEMAS = st.recursive(st.dictionaries(st.sampled_from(WORDS), TYPES | VALUES, max_size=3), schemas, max_leaves=10)


@given(SCHEMAS, st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_object_is_judged_by_any_schema(schema: dict[str, Any], body: dict[str, Any]) -> None:
    judged = ObjectSchema(well_formed({"properties": {"spec": schema}, **schema}, [])).judge({"apiVersion": "a/v1", "kind": "A", **body})
    for each in judged.violations:
        assert each.text
        assert all(isinstance(step, (str, int)) for step in each.pointer)


@given(
    st.fixed_dictionaries(
        {"spec": VALUES | st.fixed_dictionaries({"names": VALUES, "versions": VALUES, "version": VALUES, "group": VALUES})}
    )
)
def test_any_definition_is_read(body: dict[str, Any]) -> None:
    found = definition({"kind": "CustomResourceDefinition", **body}, "agents")
    assert found is None or found.kind
