"""`agentslint test-rule FOLDER`: a rule's cases without pytest, and a status that a script can use."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_command import Command, Done

MARK = "          # expect: allow-me"


@pytest.fixture
def rule(command: Command, tmp_path: Path) -> Path:
    """A rule as `new-rule` writes it, in somebody's own folder."""
    assert command("new-rule", "allow-me", "--into", "lint", cwd=tmp_path).status == 0
    return tmp_path / "lint/allow_me"


def run(command: Command, folder: Path) -> Done:
    return command("test-rule", folder, cwd=folder.parent)


def test_a_new_rule_passes_its_own_cases(command: Command, rule: Path) -> None:
    done = run(command, rule)
    assert (done.status, done.lines) == (0, ["allow-me/pass/other_tag: ok", "allow-me/fail/plain: ok"])


def test_a_rule_in_one_file_without_a_package_is_found(command: Command, rule: Path) -> None:
    (rule / "__init__.py").rename(rule / "mine.py")
    assert run(command, rule).status == 0


def test_an_installed_rule_is_tested_as_it_is(command: Command) -> None:
    done = run(command, Path(__file__).parents[2] / "rules/require_tag")
    assert (done.status, "require-tag/fail/helm_values: ok" in done.lines) == (0, True)


def test_a_finding_on_another_line_fails_with_both_places(command: Command, rule: Path) -> None:
    manifest = rule / "fail/plain/deployment.yaml"
    manifest.write_text(manifest.read_text().replace(MARK, f"{MARK}\n          #"))
    done = run(command, rule)
    assert done.status == 1
    assert "allow-me/fail/plain: no finding at deployment.yaml:15" in done.out
    assert "a finding that is not marked: deployment.yaml:16" in done.out


def test_a_finding_in_a_case_that_passes_fails(command: Command, rule: Path) -> None:
    manifest = rule / "pass/other_tag/deployment.yaml"
    manifest.write_text(manifest.read_text().replace("v1.0.0", "change-me"))
    done = run(command, rule)
    assert (done.status, "a finding that is not marked" in done.out) == (1, True)


def test_a_case_that_does_not_render_cannot_be_run(command: Command, rule: Path) -> None:
    (rule / "pass/other_tag/deployment.yaml").unlink()
    done = run(command, rule)
    assert (done.status, "allow-me/pass/other_tag: not checked" in done.out) == (2, True)


def test_a_rule_that_raises_cannot_be_run(command: Command, rule: Path) -> None:
    code = (rule / "__init__.py").read_text()
    (rule / "__init__.py").write_text(code.replace("self.finding(", "self.no_finding("))
    done = run(command, rule)
    assert (done.status, "no_finding" in done.out) == (2, True)


def test_a_wrong_option_of_a_case_is_named_where_it_is_written(command: Command, rule: Path) -> None:
    (rule / "fail/plain/.agentslint.toml").write_text("[rules.allow-me]\nnonsense = 1\n")
    done = run(command, rule)
    assert (done.status, "allow-me/fail/plain: " in done.err, "fail/plain/.agentslint.toml" in done.err) == (2, True, True), done.err
    assert "agentslint-run-" not in done.err


def test_a_rule_that_cannot_be_run_ends_with_2_and_says_why(command: Command, rule: Path, tmp_path: Path) -> None:
    run(command, tmp_path / "lint").complains("holds no Python file")
    run(command, tmp_path / "nothing").complains("there is no such folder")
    (rule / "more.py").write_text("")
    text = (rule / "__init__.py").read_text()
    for broken, message in (("import no_such_module\n", "cannot be loaded"), ("X = 1\n", "defines no rule")):
        (rule / "__init__.py").write_text(broken)
        run(command, rule).complains(message)
    (rule / "__init__.py").rename(rule / "other.py")
    run(command, rule).complains("holds 2 Python files")
    (rule / "other.py").unlink()
    (rule / "more.py").write_text(text)
    (rule / "pass").rename(rule / "passes")
    run(command, rule).complains("needs cases of both kinds")
