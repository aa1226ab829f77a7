"""All that kubeconform finds on the cases of schema-violation we find, too, but for what an API server takes all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from agentslint.schemas import built_in
from tests.schemas.kubeconform import RESULTS, fleets

TAKEN = {
    "missing property 'timeout'": "it has a default",
    "got null, want string": "nulls are dropped, or taken where the field is nullable",
}
"""What kubeconform refuses and an API server does not."""
VARIABLES = {("pass/unknown_kinds", "/spec/replicas")}
"""What a deployer fills in."""


def refused() -> Iterator[tuple[str, str, str, str]]:
    """Yield case, object, place and message of each fault that kubeconform finds."""
    for case, objects in json.loads(RESULTS.read_text())["cases"].items():
        for name, faults in objects.items():
            for place, message in faults:
                text = message.replace("properties 'image', 'timeout'", "property 'image'")
                if text not in TAKEN and (case, place) not in VARIABLES:
                    yield case, name, place, text


@pytest.fixture(scope="module")
def ours() -> dict[tuple[str, str], set[str]]:
    """The places of our faults, by case and object."""
    found: dict[tuple[str, str], set[str]] = {}
    for case, fleet in fleets():
        for target in fleet.targets:
            for fault in fleet.schemas.violations(target, with_built_in=True):
                steps: Any = (*fault.field.pointer, fault.field.missing) if fault.field.missing else fault.field.pointer
                key = case, f"{target.target.name}: {fault.field.manifest.resource}"
                found.setdefault(key, set()).add("/" + "/".join(map(str, steps)))
    return found


@pytest.mark.skipif(not built_in.releases(), reason="needs kubernetes-validate")
def test_we_find_all_that_kubeconform_finds(ours: dict[tuple[str, str], set[str]]) -> None:
    rows = list(refused())
    assert len(rows) >= 15
    for case, name, place, message in rows:
        places = ours.get((case, name), set())
        named = re.findall(r"propert(?:y|ies) '([^']+)'", message)
        # Of a choice that fails kubeconform names only the whole.
        fits = f"{place}/{named[0]}" in places if named else any(f"{each}/".startswith(f"{place}/") for each in places)
        assert fits, (case, name, place, message, places)


@pytest.mark.skipif(not built_in.releases(), reason="needs kubernetes-validate")
def test_we_find_nothing_where_a_case_passes(ours: dict[tuple[str, str], set[str]]) -> None:
    assert [key for key in ours if key[0].startswith("pass/")] == []
