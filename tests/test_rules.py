"""Every rule over its cases: the places found are the places marked; and the test of that test."""

from __future__ import annotations

import inspect
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agentslint import testing
from agentslint.config import Config, Loaded
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.registry import load_registry
from agentslint.engine.run_options import RunOptions
from agentslint.rule import Rule, scope
from tests.conftest import PROJECT

REGISTRY = load_registry(Loaded(Config()))
RULES = {name: rule for name, rule in REGISTRY.rules.items() if REGISTRY.origins[name] == "agentslint-gitops"}


def folder(rule: type[Rule]) -> Path:
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


@pytest.mark.parametrize("name", RULES)
def test_a_page_says_why_and_how_to_fix_it_and_where_that_is_from(name: str) -> None:
    page = inspect.cleandoc(RULES[name].__doc__ or "")
    first, _, rest = page.partition("\n\n")
    assert first.endswith(".")
    assert "\n" not in first
    assert re.findall(r"^## .*$", rest, re.M) == ["## Why", "## Fix", "## References"]
    assert re.search(r"^- https://\S+$", rest.partition("## References")[2], re.M)


@pytest.mark.parametrize("name", RULES)
def test_every_option_is_described(name: str) -> None:
    schema = msgspec.json.schema(RULES[name].Options)
    options = schema["$defs"][RULES[name].Options.__name__]["properties"]
    assert [option for option, said in options.items() if not said.get("description", "").endswith(".")] == []


# The test of the test: a rule that is silenced, a mark that is removed, a mark that is moved.


def sample(name: str) -> testing.Case:
    """The first case of a rule that fails and is marked in the files themselves."""
    return next(case for case in CASES if case.rule_id == name and case.fails and not (case.folder / "expect.toml").exists())


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[testing.Case], testing.Case]:
    def copy(case: testing.Case) -> testing.Case:
        target = tmp_path / case.folder.name
        shutil.copytree(case.folder, target)
        return testing.Case(case.rule_id, target, case.fails)

    return copy


def rewrite(case: testing.Case, change: Callable[[str], str]) -> None:
    """Change the first line that marks a finding of the case's rule; `change` sees the line with its line end."""
    mark = f"# expect: {case.rule_id}"
    for path in sorted(path for path in case.folder.rglob("*") if path.is_file() and mark in path.read_text()):
        before, found, after = path.read_text().partition(mark)
        start = before.rfind("\n") + 1
        end = len(before) + len(found) + after.index("\n") + 1
        text = before + found + after
        path.write_text(text[:start] + change(text[start:end]) + text[end:])
        return


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", RULES)
def test_it_sees_a_rule_that_finds_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for check in scope(RULES[name]):
        monkeypatch.setattr(RULES[name], check, lambda self, subject: [])
    problems = testing.problems(sample(name))
    assert any("no finding at" in problem or "not checked" in problem for problem in problems)


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", RULES)
def test_it_sees_a_mark_that_was_removed(name: str, copied: Callable[[testing.Case], testing.Case]) -> None:
    case = copied(sample(name))
    rewrite(case, lambda line: "#\n")
    assert any("a finding that is not marked" in problem or "must say where" in problem for problem in testing.problems(case))


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", RULES)
def test_it_sees_a_mark_on_another_line(name: str, copied: Callable[[testing.Case], testing.Case]) -> None:
    case = copied(sample(name))
    rewrite(case, lambda line: line + "#\n")
    problems = " ".join(testing.problems(case))
    assert "no finding at" in problems
    assert "a finding that is not marked" in problems


# examples/: nearly every rule fires there, and only where a comment says why.

MOST_RULES = 19
"""Rules that fire on the examples; one that is new need not."""


def commented() -> Counter[tuple[str, str, int]]:
    """Rule, file and line of each `finding: RULE: why`: it speaks of the next line that is no comment."""
    found: Counter[tuple[str, str, int]] = Counter()
    for path in sorted(path for path in (PROJECT / "examples").rglob("*") if path.suffix in (".yaml", ".toml", ".tpl")):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if mark := re.match(r"\s*(?:#|\{\{-? ?/\*) finding: ([a-z-]+): \S", line):
                following = next(n for n in range(number, len(lines)) if not re.match(r"\s*(?:#|\{\{-? ?/\*)", lines[n]))
                found[mark.group(1), str(path), following + 1] += 1
    return found


def test_rules_fire_on_the_examples_and_only_where_a_comment_says_so() -> None:
    with open_session(RunOptions(paths=(str(PROJECT / "examples"),))) as (run, _):
        report = lint(run)
    places = Counter(
        (result.rule_id, str(report.root / result.location.path), result.location.region.start_line) for result in report.active
    )
    assert places == commented()
    assert len({rule for rule, _, _ in places}) >= MOST_RULES


def test_a_new_rule_passes_its_own_cases(tmp_path: Path) -> None:
    from agentslint.testing.rule_folder import rules_with_cases
    from agentslint.testing.scaffold import write_rule

    write_rule("allow-nothing", tmp_path)
    (tested,) = rules_with_cases(tmp_path / "allow_nothing")
    assert [case.fails for case in tested.cases] == [False, True]
    assert [problem for case in tested.cases for problem in testing.problems(case, tested.plugins)] == []


@pytest.mark.parametrize("leads", ["../out", ".git/hooks", "../out/new"])
@pytest.mark.parametrize("link", ["rules", "rules/allow_nothing", "lint"])
def test_a_new_rule_is_not_written_through_a_link_out_of_the_repository(tmp_path: Path, leads: str, link: str) -> None:
    from agentslint.errors import UsageError
    from agentslint.testing.scaffold import write_rule

    repository, out = tmp_path / "repository", tmp_path / "out"
    for folder in (repository / ".git/hooks", out, (repository / link).parent):
        folder.mkdir(parents=True, exist_ok=True)
    (repository / link).symlink_to(repository / leads)
    with pytest.raises(UsageError, match="is a link out of the repository"):
        write_rule("allow-nothing", repository / ("lint/rules" if link == "lint" else "rules"))
    assert [*out.iterdir(), *(repository / ".git/hooks").iterdir()] == []
