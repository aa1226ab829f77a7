"""`chart` and `toJson` in asserts: what the files of a chart say, and an object as one text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.habits import HABITS, Place

pytest.importorskip("cel_expr_python")

SAME = """
[[assert]]
name = "same-version"
match = "object.kind == 'Deployment' && has(chart.artifacthub)"
that = "chart.version == chart.artifacthub.version"
message = "{chart.version} is not {chart.artifacthub.version}"
at = "chart.artifacthub.version"
"""


@pytest.mark.parametrize("habit", HABITS)
def test_the_files_of_a_chart_are_compared_however_it_is_deployed(tmp_path: Path, habit: str) -> None:
    place = Place(tmp_path).habit(habit, SAME)
    (folder,) = (path.parent for path in tmp_path.rglob("Chart.yaml"))
    (folder / "artifacthub-pkg.yml").write_text("name: web\nversion: 1.2.0\n")
    done = place.lint(".", "--select", "same-version")
    assert (done.status, done.found, done.failures) == (0, [], []), done.out
    (folder / "artifacthub-pkg.yml").write_text("name: web\nversion: 1.1.0\n")
    done = place.lint(".", "--select", "same-version")
    assert done.found == [("same-version", f"{folder.relative_to(tmp_path)}/artifacthub-pkg.yml", 2)]
    assert done.messages == ["Deployment/" + ("shop" if habit in list(HABITS)[:4] else "web") + ": 1.2.0 is not 1.1.0"]


def test_a_chart_without_the_file_has_nothing_to_judge(tmp_path: Path) -> None:
    done = Place(tmp_path).habit("a values file", SAME).lint(".", "--select", "same-version")
    assert (done.status, done.found) == (2, [])


def test_a_field_of_chart_yaml_is_found_in_it(tmp_path: Path) -> None:
    rule = (
        '[[assert]]\nname = "icon"\nmatch = { kinds = ["Deployment"] }\nthat = "chart.name == \'api\'"\nmessage = "no"\nat = "chart.name"\n'
    )
    done = Place(tmp_path).habit("a values file", rule).lint(".", "--select", "icon")
    assert done.found == [("icon", "charts/web/Chart.yaml", 2)]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
"""Texts that YAML can hold."""
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8)


@given(value=st.dictionaries(TEXTS, VALUES, max_size=4))
def test_to_json_is_the_json_of_an_object(value: dict[str, object]) -> None:
    from agentslint.cel import Expressions

    expressions = Expressions(["object"])
    found = expressions.compile("toJson(object)", condition=False).read(expressions.scope({"object": value}))
    assert json.loads(found) == value
    assert len(found) == len(json.dumps(value))
