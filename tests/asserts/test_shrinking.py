"""What is left of an object is what the answer depends on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.asserts.shrinking import MOST, WORK, at, shrink
from agentslint.cel import Expressions, Missing

pytest.importorskip("cel_expr_python")

POD = {
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "replicas": 1,
        "containers": [
            {
                "name": "app",
                "image": "ghcr.io/acme/web:v1",
                "resources": {"limits": {"memory": "512Mi"}},
                "env": [{"name": "A", "value": "1"}],
            },
            {"name": "side", "image": "busybox", "resources": {"limits": {"memory": "2Gi"}}, "env": [{"name": "GRPC", "value": "false"}]},
        ],
    },
}


def left(text: str, value: Any = POD) -> list[Any]:
    asked = Expressions(("object",))
    that = asked.compile(text)

    def is_false(part: Any) -> bool:
        return that.ask(asked.scope(part)) is False

    assert is_false({"object": value})
    shrunk = shrink({"object": value}, is_false)
    assert shrunk.is_whole
    return [".".join(map(str, way[1:])) for way in shrunk.leaves()]


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("object.spec.replicas >= 2", ["spec.replicas"]),
        ("object.kind != 'Deployment' || object.spec.replicas >= 2", ["kind", "spec.replicas"]),
        ("!has(object.spec.replicas) || object.spec.replicas > 1", ["spec.replicas"]),
        ("has(object.spec.replicas) && object.spec.replicas > 1", ["spec.replicas"]),
        ("object.?spec.?replicas.orValue(0) > 1", ["spec.replicas"]),
        ("object.spec.containers.all(c, c.image.startsWith('ghcr.io/'))", ["spec.containers.1.image"]),
        ("object.spec.containers.all(c, c.image.contains('/'))", ["spec.containers.1.image"]),
        (
            "object.spec.containers.all(c, has(c.resources.limits) && quantity(c.resources.limits.memory).isLessThan(quantity('1Gi')))",
            ["spec.containers.1.resources.limits.memory"],
        ),
        ("object.spec.containers[1].env.exists(e, e.name == 'GRPC' && e.value == 'true')", None),
        ("object.metadata.name == object.metadata.labels.app + '-1'", ["metadata.name", "metadata.labels.app"]),
        ("has(object.spec.paused)", ["spec"]),
        ("object.spec.containers[1].image != 'busybox'", ["spec.containers.1.image"]),
        ("false", [""]),
    ],
)
def test_what_is_left_is_what_makes_it_false(text: str, ways: list[str] | None) -> None:
    found = left(text)
    if ways is None:
        assert "spec.containers.1.env.0.value" in found
        assert not any(way.startswith(("metadata", "spec.containers.0.", "kind", "spec.replicas")) for way in found)
    else:
        assert found == ways


def test_a_missing_field_leaves_what_it_is_missing_in() -> None:
    asked = Expressions(("object",))
    that = asked.compile("object.spec.containers[1].livenessProbe.httpGet.port == 80")
    answer = Missing("livenessProbe", 'Key not found in map : "livenessProbe"')
    assert that.ask(asked.scope({"object": POD})) == answer
    shrunk = shrink({"object": POD}, lambda part: that.ask(asked.scope(part)) == answer, nulls=False)
    # The items that stand before it could go, too, but then it would be another item.
    assert [way[:-1] for way in shrunk.leaves()][-1] == ("object", "spec", "containers")


def test_evaluations_are_bounded_and_few() -> None:
    asked: list[Any] = []
    wide = {str(number): {"value": number} for number in range(5_000)}

    def is_same(part: Any) -> bool:
        asked.append(part)
        return "77" in part and part["77"] is not None and part["77"].get("value") == 77

    shrunk = shrink(wide, is_same)
    assert list(shrunk.leaves()) == [("77", "value")]
    assert len(asked) <= 80
    asked.clear()
    assert not shrink(wide, lambda part: bool(asked.append(part)) or part == wide).is_whole
    assert len(asked) <= MOST
    assert sum(map(len, asked)) <= WORK + 10_000


def test_a_long_list_is_searched_whole() -> None:
    container = {"env": [{"name": f"V{number}", "value": "x"} for number in range(150)] + [{"name": "GRPC", "value": "false"}]}
    found = left("object.env.exists(e, e.name == 'GRPC' && e.value == 'true')", container)
    assert [way for way in found if way.endswith("value")] == ["env.150.value"]


TREES = st.recursive(
    st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=1), inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=12,
)


@given(TREES, st.integers(0, 3), st.integers(0, 2))
def test_the_answer_stays_and_no_scalar_more_can_go(tree: Any, wanted: int, least: int) -> None:
    """The question: are there at least so many of one number? A null in a place is none."""

    def count(part: Any) -> int:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        return sum(map(count, inner)) + (part == wanted and isinstance(part, int))

    def is_same(part: Any) -> bool:
        return count(part) >= least

    if not is_same({"r": tree}):
        return
    shrunk = shrink({"r": tree}, is_same)
    assert is_same(shrunk.value)
    scalars = [way for way in shrunk.leaves() if way and not isinstance(at({"r": tree}, way), (dict, list))]
    if shrunk.is_whole:
        assert len(scalars) == least
        for way in scalars:
            assert not is_same(type(shrunk)({"r": tree}, {*shrunk.dropped, way}).value)


def test_an_item_that_only_keeps_its_place_is_no_part_of_it() -> None:
    assert left("object.command[2] != '1'", {"command": ["sh", "-c", "1"]}) == ["command.2"]
    assert left("object.command == []", {"command": ["sh", "-c"]}) == ["command.0"]
