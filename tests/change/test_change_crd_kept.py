"""What changes in a definition and takes nothing from those who use it, and what only looks so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentslint import testing
from agentslint.crd.api_differences import api_differences
from agentslint.model import Manifest, Target, TargetKind
from agentslint.model.listed_manifests import head_of


def definition(schema: Any, **version: Any) -> Manifest:
    versions = [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}, **version}]
    body = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"versions": versions}}
    target = Target("crd.yaml", TargetKind.MANIFESTS, Path("/"), "crd.yaml")
    return Manifest(target, 0, "", 1, head=head_of(body), body=body)


def breaks(base: Manifest, head: Manifest) -> list[str]:
    return [str(found) for found in api_differences(base, head) if found.breaks]


def an_object(required: bool, **field: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": field}, **({"required": ["a"]} if required else {})}


def test_a_required_field_that_loses_its_default_is_required_now() -> None:
    base, head = an_object(True, type="string", default="x"), an_object(True, type="string")
    assert breaks(definition(base), definition(head)) == ["v1 a is required now"]
    assert breaks(definition(head), definition(base)) == []


@pytest.mark.parametrize(("old", "new", "narrower"), [("int32", "int64", False), ("int64", "int32", True), (None, "date-time", True)])
def test_a_format_that_takes_more_breaks_nothing(old: str | None, new: str, narrower: bool) -> None:
    base = an_object(False, type="integer", **({"format": old} if old else {}))
    assert bool(breaks(definition(base), definition(an_object(False, type="integer", format=new)))) is narrower


def test_a_list_that_becomes_a_set_takes_nothing_twice() -> None:
    free, once = ({"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": kind} for kind in ("atomic", "set"))
    assert breaks(definition(an_object(False, **free)), definition(an_object(False, **once))) == [
        "v1 a is a set now, which accepts no duplicates (x-kubernetes-list-type)"
    ]
    assert breaks(definition(an_object(False, **once)), definition(an_object(False, **free))) == []


@pytest.mark.parametrize(("left", "missing"), [({}, "subresources"), ({"subresources": {"scale": {}}}, "status")])
def test_a_subresource_that_is_gone_breaks_who_asks_for_it(left: dict[str, Any], missing: str) -> None:
    base = definition({"type": "object"}, subresources={"status": {}})
    (found,) = (each for each in api_differences(base, definition({"type": "object"}, **left)) if each.breaks)
    assert (str(found), found.field.missing) == ("v1 no longer has the subresource status", missing)


def test_a_version_that_is_neither_served_nor_stored_may_change() -> None:
    base, head = an_object(False, type="string"), {"type": "object", "properties": {}}
    asleep = {"served": False, "storage": False}
    assert breaks(definition(base, **asleep), definition(head, **asleep)) == []
    assert breaks(definition(base, served=False), definition(head, served=False)) == ["v1 a was removed"]


def test_a_definition_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {}\nspec:\n  {}scope: {}\n"
    for commit, scope, odd in (("1-before", "Namespaced", ""), ("2-after", "Cluster", "scope: Cluster\n  ")):
        (tmp_path / "case" / commit).mkdir(parents=True)
        for name, more in (("bad", odd), ("good", "")):
            (tmp_path / "case" / commit / f"{name}.yaml").write_text(text.format(name, more, scope))
    report = testing.lint_case(testing.Case("crd-compat", tmp_path / "case", True))
    assert [result.location.path for result in report.active] == ["good.yaml"]
    (failure,) = report.failures
    assert (failure.rule_id, failure.location and failure.location.path) == ("crd-compat", "bad.yaml")
    assert "duplicate key 'scope'" in failure.message
