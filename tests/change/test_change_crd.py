"""What breaks those who use an API: versions, fields, and what a field takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agentslint.crd.api_differences import api_differences
from agentslint.model import Manifest, Target, TargetKind
from agentslint.model.listed_manifests import head_of

TARGET = Target("crd.yaml", TargetKind.MANIFESTS, Path("/"), "crd.yaml")


def version(schema: Any = None, name: str = "v1", **more: Any) -> dict[str, Any]:
    return {"name": name, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema or {"type": "object"}}, **more}


def definition(*versions: dict[str, Any], scope: str = "Namespaced", **more: Any) -> Manifest:
    body = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "runs.example.com"},
        "spec": {"group": "example.com", "scope": scope, "names": {"kind": "Run", "plural": "runs"}, "versions": list(versions), **more},
    }
    return Manifest(TARGET, 0, yaml.safe_dump(body), 1, head=head_of(body), body=body)


def with_spec(spec: Any) -> Manifest:
    return definition(version({"type": "object", "properties": {"spec": spec}}))


def said(base: Manifest, head: Manifest) -> dict[str, bool]:
    return {str(found): found.breaks for found in api_differences(base, head)}


def obj(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


STRING, INTEGER = {"type": "string"}, {"type": "integer"}


def test_a_field_that_is_gone_stands_where_it_belonged() -> None:
    (found,) = api_differences(with_spec(obj(image=STRING, tag=STRING)), with_spec(obj(image=STRING)))
    assert (str(found), found.breaks) == ("v1 spec.tag was removed", True)
    assert found.field.path == "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties"
    assert (found.field.missing, set(found.field.value)) == ("tag", {"image"})


def test_a_new_field_breaks_nothing_unless_it_is_required() -> None:
    assert said(with_spec(obj(a=STRING)), with_spec(obj(a=STRING, b=STRING))) == {"v1 spec.b was added": False}
    assert said(with_spec(obj(a=STRING)), with_spec(obj(("b",), a=STRING, b=STRING))) == {
        "v1 spec.b is required now": True,
        "v1 spec.b was added": False,
    }
    with_default = with_spec(obj(("b",), a=STRING, b={"type": "string", "default": "x"}))
    assert said(with_spec(obj(a=STRING)), with_default) == {"v1 spec.b was added": False}


def test_what_is_required_and_what_is_not_any_more() -> None:
    free, required = with_spec(obj(a=STRING)), with_spec(obj(("a",), a=STRING))
    (found,) = api_differences(free, required)
    assert (str(found), found.breaks, found.field.value) == ("v1 spec.a is required now", True, "a")
    assert said(required, free) == {"v1 spec.a is optional now": False}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (STRING, INTEGER, "is integer, was string"),
        ({"type": "number"}, INTEGER, "is integer, was number"),
        ({"x-kubernetes-int-or-string": True}, INTEGER, "is integer, was integer or string"),
        ({}, STRING, "is string, was anything"),
        ({"type": "string", "nullable": True}, STRING, "may no longer be null"),
        (STRING, {"type": "string", "enum": ["a"]}, "accepts only a"),
        ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a", "c"]}, "no longer accepts b"),
        (INTEGER, {"type": "integer", "minimum": 1}, "must be at least 1 (minimum), was unlimited"),
        ({"type": "integer", "maximum": 9}, {"type": "integer", "maximum": 5}, "must be at most 5 (maximum), was 9"),
        ({"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}, "has the pattern b, was a"),
        (STRING, {"type": "string", "x-kubernetes-validations": [{"rule": "self != ''"}]}, "has a new validation rule: self != ''"),
        (obj(), {**obj(), "oneOf": [{"required": ["a"]}]}, "has different conditions (oneOf)"),
        ({**obj(), "x-kubernetes-preserve-unknown-fields": True}, obj(), "no longer preserves unknown fields"),
        ({**obj(), "additionalProperties": True}, obj(), "no longer accepts other keys"),
    ],
)
def test_what_a_field_no_longer_takes(old: Any, new: Any, what: str) -> None:
    assert said(with_spec(obj(a=old)), with_spec(obj(a=new))) == {f"v1 spec.a {what}": True}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (INTEGER, {"type": "number"}),
        (INTEGER, {"x-kubernetes-int-or-string": True}),
        (STRING, {"type": "string", "nullable": True}),
        ({"type": "string", "enum": ["a"]}, STRING),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}),
        ({"type": "integer", "maximum": 1}, INTEGER),
        ({"type": "string", "pattern": "a"}, STRING),
        ({"type": "string", "description": "old"}, {"type": "string", "description": "new"}),
        (obj(x=STRING), {"type": "object", "x-kubernetes-preserve-unknown-fields": True}),
    ],
)
def test_what_a_field_takes_besides(old: Any, new: Any) -> None:
    assert said(with_spec(obj(a=old)), with_spec(obj(a=new))) == {}


def test_items_and_free_keys_are_looked_into() -> None:
    old = obj(list={"type": "array", "items": obj(a=STRING)}, map={"type": "object", "additionalProperties": obj(a=STRING)})
    new = obj(list={"type": "array", "items": obj()}, map={"type": "object", "additionalProperties": obj()})
    assert said(with_spec(old), with_spec(new)) == {"v1 spec.list[].a was removed": True, "v1 spec.map.*.a was removed": True}


def test_versions() -> None:
    alpha, beta, one = (version(name=name) for name in ("v1alpha1", "v1beta1", "v1"))
    assert said(definition(alpha, one), definition(one)) == {"v1alpha1 was removed": True}
    assert said(definition({**alpha, "served": False}, one), definition(one)) == {"v1alpha1 was removed": False}
    assert said(definition(alpha), definition({**alpha, "served": False})) == {"v1alpha1 is no longer served": True}
    assert said(definition(beta), definition(one, beta)) == {"v1 was added": False}
    assert said(definition(beta), definition({**beta, "storage": False})) == {"v1beta1 is no longer the storage version": False}


def test_the_whole_definition() -> None:
    assert said(definition(version()), definition(version(), scope="Cluster")) == {"scope is Cluster, was Namespaced": True}


def test_a_schema_that_all_versions_share() -> None:
    bare = {"name": "v1", "served": True}
    old = definition(bare, validation={"openAPIV3Schema": obj(a=STRING)})
    assert said(old, definition(bare, validation={"openAPIV3Schema": obj()})) == {"v1 a was removed": True}


@pytest.mark.parametrize("odd", [None, [], "x", 1, {"properties": [1]}, {"type": ["a"]}, {"minimum": "x", "required": "a", "enum": 3}])
def test_a_malformed_schema_is_no_accident(odd: Any) -> None:
    for pair in ((obj(a=odd), obj(a={**STRING, "minimum": 1})), (obj(a={**STRING, "minimum": 1}), obj(a=odd))):
        said(with_spec(pair[0]), with_spec(pair[1]))
    said(definition(version(odd)), definition(version(odd), "no version", {"served": False}))  # type: ignore[arg-type]
