"""Every rule over its cases: the places found are the places marked."""

from __future__ import annotations

import importlib
import inspect
import shutil
from pathlib import Path

import pytest

from agentslint import testing
from agentslint.config import Config, Loaded
from agentslint.registry import load_registry

RULES = load_registry(Loaded(Config())).rules


def folder(rule: type) -> Path:
    return Path(inspect.getfile(rule)).parent


CASES = [case for rule in RULES.values() for case in testing.cases(rule, folder(rule))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_finds_what_its_case_marks(case: testing.Case) -> None:
    assert testing.problems(case) == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_cases_of_both_kinds(name: str) -> None:
    kinds = {case.fails for case in CASES if case.rule_id == name}
    assert kinds == {True, False}, f"rules/{name.replace('-', '_')} needs pass/ and fail/"


@pytest.mark.parametrize("name", RULES)
def test_an_id_is_its_folder_in_kebab_case(name: str) -> None:
    assert folder(RULES[name]).name == name.replace("-", "_")


SAMPLE = next(case for case in CASES if case.rule_id == "require-digest" and case.fails)


@pytest.fixture
def copy(tmp_path: Path) -> testing.Case:
    target = tmp_path / SAMPLE.folder.name
    shutil.copytree(SAMPLE.folder, target)
    return testing.Case(SAMPLE.rule_id, target, True)


def marked_file(case: testing.Case) -> Path:
    return case.folder / testing.expectations(case.folder)[0].path


def test_the_test_sees_a_rule_that_finds_nothing(copy: testing.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RULES[copy.rule_id]
    monkeypatch.setattr(rule, "check_image_use", lambda self, use: [])
    assert any("no finding at" in problem for problem in testing.problems(copy))


def test_the_test_sees_a_marker_that_was_removed(copy: testing.Case) -> None:
    path = marked_file(copy)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line.partition("# expect:")[0].rstrip() + "\n" if "# expect:" in line else line for line in lines))
    assert testing.problems(copy)


def test_the_test_sees_a_marker_on_another_line(copy: testing.Case) -> None:
    path = marked_file(copy)
    lines = path.read_text().splitlines()
    marks = [line for line in lines if "# expect:" in line]
    path.write_text("\n".join([*marks, *(line for line in lines if "# expect:" not in line)]) + "\n")
    assert {"no finding at", "not marked"} <= {word for word in ("no finding at", "not marked") if word in " ".join(testing.problems(copy))}


def test_a_new_rule_passes_its_own_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint import registry
    from agentslint.scaffold import write_rule

    write_rule("allow-nothing", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    rule = importlib.import_module("allow_nothing").AllowNothing
    real = registry.load_registry

    def with_new_rule(loaded: Loaded) -> registry.Registry:
        known = real(loaded)
        return registry.Registry(known.manager, {**known.rules, rule.id: rule}, known.origins, known.image_fields)

    monkeypatch.setattr("agentslint.prepare.load_registry", with_new_rule)
    found = testing.cases(rule, tmp_path / "allow_nothing")
    assert [case.fails for case in found] == [False, True]
    assert [problem for case in found for problem in testing.problems(case)] == []
