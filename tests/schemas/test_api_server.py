"""Objects are judged as an API server judges them: every case of `apiserver/cases`, whose outcomes are those of its own code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentslint.cel import is_installed
from agentslint.places import dotted
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.violations import Broken, Gap, Violation
from agentslint.yamlread import load_trusted

CASES = Path(__file__).with_name("apiserver") / "cases"
TOGETHER = re.compile(r"must (?:not )?validate (?:one and only one|at least one|all the|the) schema|Checked value must be of type")
"""Errors of the API server that name no field, or that only say that one of the others is there."""
NOT_OURS = {
    ("a set is compared as one", "others"): "a rule that compares sets is not evaluated",
    ("the whole object", "no labels"): "a null among the annotations becomes an empty text, which no schema sees",
    ("one of values", "another"): "one finding for the value that chooses between alternatives, none for what one of them needs besides",
}
"""Where our outcome is another one, and why."""


def cases() -> Iterator[tuple[str, str, Any, Any, Any]]:
    """Yield name of the schema and of the object, both, and the outcome."""
    for path in sorted(CASES.glob("*.yaml")):
        outcomes = json.loads(path.with_suffix(".expected.json").read_text())
        for case in load_trusted(path.read_text()):
            schema = case.get("schema") or {"type": "object", "properties": {"spec": case["spec"]}}
            for name, body in case["objects"].items():
                whole = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": body}
                yield case["name"], name, schema, body if "schema" in case else whole, outcomes[case["name"]][name]


ALL = list(cases())
OURS = [row for row in ALL if row[:2] not in NOT_OURS]


def way(violation: Violation) -> str:
    return dotted((*violation.pointer, violation.missing) if violation.missing else violation.pointer)


def refused(outcome: Any) -> set[str]:
    """The fields that errors of the API server name."""
    fields = {each["field"] for each in outcome["errors"] if not TOGETHER.search(each["detail"])}
    return {re.sub(r"\[([a-z][^\]]*)\]", r".\1", field).replace("<nil>", "") for field in fields}


def test_there_are_many_cases() -> None:
    assert len({row[0] for row in ALL}) > 40
    assert len(ALL) > 150


@pytest.mark.parametrize(("schema", "body", "outcome"), [row[2:] for row in OURS], ids=[f"{row[0]}: {row[1]}" for row in OURS])
def test_an_object_is_judged_as_the_api_server_judges_it(schema: Any, body: Any, outcome: Any) -> None:
    judged, stored = ObjectSchema(schema).outcome(body)
    if Gap.EXTRA in {gap for gap, _ in judged.gaps}:
        assert not is_installed()
        pytest.skip("the rules of its schema need cel-expr-python")
    assert sorted(way(each) for each in judged.violations if each.breach is Broken.UNKNOWN) == outcome["dropped"]
    found = [each for each in judged.violations if each.breach is not Broken.UNKNOWN]
    assert bool(found) == bool(outcome["errors"])
    if unread := next((each for each in outcome["errors"] if "json: cannot unmarshal" in each["detail"]), None):
        # Metadata of another shape is an error of the whole.
        assert [way(each).startswith(f"{unread['field']}.") for each in found] == [True]
        return
    assert stored == outcome["object"]
    assert refused(outcome) <= {way(each) for each in found}
    named = {field for field in refused(outcome) if field}
    together = any(TOGETHER.search(each["detail"]) for each in outcome["errors"])
    assert together or {way(each) for each in found} - {""} <= named


@pytest.mark.parametrize(("name", "object_name"), sorted(NOT_OURS))
def test_the_exceptions_exist(name: str, object_name: str) -> None:
    assert (name, object_name) in {row[:2] for row in ALL}
