"""How cases say what they expect, and what is held against them."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint import testing

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
"""


def case(folder: Path, files: dict[str, str], *, fails: bool = True) -> testing.Case:
    for name, text in files.items():
        (folder / name).write_text(text)
    return testing.Case("require-digest", folder, fails)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("image: web:v1  # expect: require-digest", 1, None, ""),
        ("image: web:v1  # expect: require-digest 8", 1, 8, ""),
        ('# expect: require-digest 8 "runs web:v1"\nimage: web:v1', 2, 8, "runs web:v1"),
        ('{{- /* # expect: require-digest "web" */ -}}\nimage: web:v1', 2, None, "web"),
        ("{{/* # expect: require-digest */}}\nimage: web:v1", 2, None, ""),
        ("<!-- # expect: require-digest -->\nimage: web:v1", 2, None, ""),
    ],
)
def test_a_mark_speaks_of_its_line_or_of_the_one_below(tmp_path: Path, text: str, line: int, column: int | None, message: str) -> None:
    (tmp_path / "web.yaml").write_text(text)
    assert testing.expectations(tmp_path) == [testing.Expectation("require-digest", "web.yaml", line, column, message)]


def test_marks_on_top_of_each_other_speak_of_the_same_line(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text("# expect: require-digest\n# expect: mutable-tag\nimage: web:latest\n")
    assert [(expected.rule_id, expected.line) for expected in testing.expectations(tmp_path)] == [("require-digest", 3), ("mutable-tag", 3)]


def test_a_file_without_comments_is_marked_beside_it(tmp_path: Path) -> None:
    (tmp_path / "expect.toml").write_text('[[expect]]\nrule = "render-error"\nfile = "web.json"\nline = 6\nmessage = "web"\n')
    assert testing.expectations(tmp_path) == [testing.Expectation("render-error", "web.json", 6, None, "web")]


def test_one_mark_does_not_stand_for_two_findings(tmp_path: Path) -> None:
    both = "  containers: [{name: web, image: web:v1}, {name: api, image: api:v1}]\n"
    one = case(tmp_path, {"pod.yaml": POD + "  # expect: require-digest\n" + both})
    problems = testing.problems(one)
    assert len(problems) == 1
    assert "a finding that is not marked: pod.yaml:7:63 require-digest" in problems[0]
    two = case(tmp_path, {"pod.yaml": POD + "  # expect: require-digest 35\n  # expect: require-digest 63\n" + both})
    assert testing.problems(two) == []


def test_the_most_telling_mark_is_met_first(tmp_path: Path) -> None:
    both = "  containers: [{name: web, image: web:v1}, {name: api, image: api:v1}]\n"
    marks = "  # expect: require-digest\n  # expect: require-digest 35\n"
    assert testing.problems(case(tmp_path, {"pod.yaml": POD + marks + both})) == []


def test_a_case_that_fails_says_where_and_one_that_passes_says_nothing(tmp_path: Path) -> None:
    image = "  containers: [{name: web, image: web:v1}]\n"
    assert "must say where" in testing.problems(case(tmp_path, {"pod.yaml": POD + image}))[0]
    marked = {"pod.yaml": POD + "  # expect: require-digest\n" + image}
    assert "expects nothing" in testing.problems(case(tmp_path, marked, fails=False))[0]


def test_a_mark_of_another_rule_is_not_enough(tmp_path: Path) -> None:
    image = "  # expect: mutable-tag\n  containers: [{name: web, image: web}]\n"
    assert "must say where" in testing.problems(case(tmp_path, {"pod.yaml": POD + image}))[0]


def test_a_selection_of_the_case_wins(tmp_path: Path) -> None:
    pod = POD + "  # expect: require-digest\n  # expect: mutable-tag\n  containers: [{name: web, image: web}]\n"
    assert "no finding at pod.yaml:8 mutable-tag" in testing.problems(case(tmp_path, {"pod.yaml": pod}))[0]
    chosen = {"pod.yaml": pod, ".agentslint.toml": 'select = ["mutable-tag", "require-digest"]\n'}
    assert testing.problems(case(tmp_path, chosen)) == []


def test_a_target_that_does_not_render_makes_no_case_pass(tmp_path: Path) -> None:
    broken = case(tmp_path, {"kustomization.yaml": "resources: [web.yaml]\n"}, fails=False)
    assert "not checked" in testing.problems(broken)[0]


def test_nothing_is_written_beside_the_case(tmp_path: Path) -> None:
    image = "  # expect: require-digest\n  containers: [{name: web, image: web:v1}]\n"
    testing.problems(case(tmp_path, {"pod.yaml": POD + image}))
    assert [path.name for path in tmp_path.iterdir()] == ["pod.yaml"]
