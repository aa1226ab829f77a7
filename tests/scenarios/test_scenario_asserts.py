"""Conditions of scenarios: asked of what other values render, and found where somebody can mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.habits import DIGEST, HABITS, Place, chart

SCENARIO = """
[[scenario]]
name = "three-replicas"
chart = "web"
values = {{ replicas = 3, ports = [81, 82] }}
asserts = [{asserts}]
"""
REPLICAS = '{ that = "object.spec.replicas == 3", match = { kinds = ["Deployment"] }, message = "{object.spec.replicas} replicas, not 3" }'
PORTS = '{ that = "container.ports.size() == 2", each = "containers", message = "{container.ports.size()} ports" }'
MATCH = 'match = { kinds = ["Deployment"] }'
FIXED = {"deployment": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("habit", HABITS)
def test_conditions_are_asked_of_the_scenario_not_of_the_target(place: Place, habit: str) -> None:
    done = place.habit(habit, SCENARIO.format(asserts=f"{REPLICAS}, {PORTS}")).lint(".", "--select", "three-*")
    assert (done.status, done.found, done.failures) == (0, [], []), done.out


@pytest.mark.parametrize("habit", HABITS)
def test_a_chart_that_does_not_keep_one_is_found(place: Place, habit: str) -> None:
    done = place.habit(habit, SCENARIO.format(asserts=REPLICAS), **FIXED).lint(".", "--select", "three-*")
    assert done.status == 1, done.out
    assert done.messages == ["Deployment/web: 1 replicas, not 3 (with replicas=3, ports=[81, 82])"]
    ((_, path, _),) = done.found
    assert path.endswith("templates/deployment.yaml"), "the template says it, whatever the values are"


def test_a_named_assert_is_asked_of_the_target_and_of_the_scenario(place: Place) -> None:
    named = (
        '[[assert]]\nname = "few-replicas"\nthat = "object.spec.replicas < 3"\nmatch = { kinds = ["Deployment"] }\nmessage = "too many"\n'
    )
    config = named + SCENARIO.format(asserts='"few-replicas"')
    done = place.habit("a values file", config).lint(".", "--select", "three-*,few-*")
    assert [rule for rule, _, _ in done.found] == ["three-replicas"]
    assert done.messages == ["Deployment/shop: too many (with replicas=3, ports=[81, 82])"]
    place.habit("a values file", config).write({"apps/web/values.yaml": f"replicas: 4\nimage: {{digest: {DIGEST}}}\n"})
    done = place.lint(".", "--select", "three-*,few-*")
    assert ("few-replicas", "apps/web/values.yaml", 1) in done.found


def test_the_place_that_a_condition_names_is_the_authored_value(place: Place) -> None:
    asserts = '{ that = "object.spec.replicas == values.replicas", ' + MATCH + ', at = "values.replicas", message = "no" }'
    done = place.habit("a values file", SCENARIO.format(asserts=asserts), **FIXED).lint(".", "--select", "three-*")
    assert done.found == [("three-replicas", "charts/web/values.yaml", 1)]


def test_the_values_of_a_condition_are_those_of_the_scenario(place: Place) -> None:
    asserts = '{ that = "values.replicas == 3 && object.spec.replicas == values.replicas", ' + MATCH + ', message = "no" }'
    done = place.habit("a target of the configuration", SCENARIO.format(asserts=asserts)).lint(".", "--select", "three-*")
    assert (done.status, done.found) == (0, [])


def test_one_without_a_subject_is_not_green(place: Place) -> None:
    asserts = REPLICAS.replace("Deployment", "StatefulSet")
    done = place.habit("a values file", SCENARIO.format(asserts=asserts)).lint(".", "--select", "three-*")
    assert (done.status, done.found) == (2, [])
    assert "three-replicas-condition-1 has nothing to judge there" in done.failures[0]


def test_an_expression_that_fails_is_not_checked(place: Place) -> None:
    asserts = '{ that = "object.spec.replicas / 0 == 1", match = { kinds = ["Deployment"] }, message = "no" }'
    done = place.habit("a values file", SCENARIO.format(asserts=asserts)).lint(".", "--select", "three-*")
    assert (done.status, done.found) == (2, []), done.out
    assert "(with replicas=3, ports=[81, 82])" in done.failures[0]


def test_the_image_of_a_scenario_can_be_judged(place: Place) -> None:
    asserts = '{ that = "image.digest != \'\'", each = "images", message = "no digest" }'
    scenario = f'[[scenario]]\nname = "no-digest"\nchart = "web"\nvalues = {{ image = {{ digest = "" }} }}\nasserts = [{asserts}]\n'
    done = place.habit("a values file", scenario).lint(".", "--select", "no-digest")
    assert (done.status, len(done.found)) == (1, 1)
    assert "no digest (with image.digest=)" in done.messages[0]


MISTAKES = {
    "no such assert": ('"nope"', ":6: scenario.0.asserts.0: there is no [[assert]] named 'nope'"),
    "no condition": ("{ message = 'x' }", ":6: scenario.0.asserts.0: that is missing"),
    "no message": ("{ that = 'true' }", ":6: scenario.0.asserts.0: message is missing"),
    "no expression": ("{ that = 'object.', message = 'x' }", ".agentslint.toml:6:"),
    "another variable": ("{ that = 'container.x == 1', message = 'x' }", ".agentslint.toml:6:"),
    "a number": ("3", ":6: scenario.0.asserts.0: "),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_by_its_line(place: Place, case: str) -> None:
    asserts, message = MISTAKES[case]
    done = place.write({**chart(), ".agentslint.toml": SCENARIO.format(asserts=asserts)}).lint()
    assert (done.status, done.out) == (2, "")
    assert message in done.err


def test_nothing_is_asserted_of_a_chart_that_is_refused(place: Place) -> None:
    config = SCENARIO.format(asserts=REPLICAS) + 'expect = "fails"\n'
    done = place.write({**chart(), ".agentslint.toml": config}).lint()
    assert done.status == 2
    assert "there is nothing to assert of a chart that is refused" in done.err


def test_an_assert_that_an_extended_file_brings_is_told_by_its_line_there(place: Place) -> None:
    bad = '[[assert]]\nname = "a"\nthat = "object.x =="\nmessage = "x"\n'
    done = place.write({**chart(), ".agentslint.toml": 'extends = ["lint/a.toml"]\n', "lint/a.toml": bad}).lint()
    assert done.status == 2
    assert "lint/a.toml:3:" in done.err


def test_what_an_assert_judges_in_a_scenario_it_has_not_judged_in_the_repository(place: Place) -> None:
    named = '[[assert]]\nname = "few-replicas"\nthat = "true"\nmatch = "object.spec.replicas == 3"\nmessage = "m"\n'
    config = named + SCENARIO.format(asserts='"few-replicas"')
    done = place.habit("a values file", config).lint(".", "--select", "three-*,few-*")
    assert done.status == 2
    assert [failure for failure in done.failures if "few-replicas has nothing to judge" in failure], done.failures
    assert not [failure for failure in done.failures if "nothing to judge there" in failure], done.failures
