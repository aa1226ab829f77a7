"""The steps of action.yml, run with the real agentslint; the actions that it uses end as each test says."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from action_checkout import BROKEN, CLEAN, EXAMPLE, FINDINGS, PROVIDED
from composite import Ran, Runner, Used
from git_repository import git

RENDERERS = "agentslint-tools-Linux-X64-"
FORK = {
    "github.event_name": "pull_request",
    "github.event.pull_request.head.repo.full_name": "somebody/gitops",
    "github.repository": "acme/gitops",
}
REFUSED = Used(outcome="failure")


@pytest.fixture
def act(released: Path, installed: dict[str, str], gitops: Path, tmp_path: Path) -> Action:
    """The action on the examples, installed already."""
    temp = tmp_path / "temp"
    (temp / "agentslint").mkdir(parents=True)
    return Action(released, gitops, temp, installed | {"home": str(temp / "agentslint")})


class Action:
    """Runs the action with what is installed already."""

    def __init__(self, action: Path, workspace: Path, temp: Path, installed: dict[str, str]) -> None:
        self.action, self.workspace, self.temp, self.installed = action, workspace, temp, installed

    def __call__(self, event: Mapping[str, str] | None = None, ends: Mapping[str, Used] | None = None, **inputs: str) -> Ran:
        base = {"github.event.pull_request.base.sha": git(self.workspace, "rev-parse", "HEAD").strip()} if event else {}
        about = {"runner.os": "Linux", "runner.arch": "X64", **base, **(event or {})}
        runner = Runner(self.action, self.workspace, self.temp, about)
        known = {"python": python(), "install": Used(self.installed), "renderers": Used({"cache-hit": "true"}), **PROVIDED, **(ends or {})}
        return runner.run({name.replace("_", "-"): value for name, value in inputs.items()}, known)


def python() -> Used:
    return Used({"python-path": sys.executable})


def test_the_installed_command_is_the_one_of_the_action(installed: dict[str, str], released: Path) -> None:
    assert os.access(installed["command"], os.X_OK)
    assert f'__version__ = "{installed["version"]}"' in (released / "agentslint/__init__.py").read_text()
    assert Path(installed["cache"]).name == "agentslint"


def test_a_clean_application_is_uploaded_and_passes(act: Action) -> None:
    ran = act(paths=CLEAN, category="staging")

    assert ran.status == 0, ran.log
    assert ran.used["upload"] == {"sarif_file": ran.outputs["lint"]["sarif-file"], "category": "staging"}
    assert results(ran) == []
    assert "All good" in ran.log


def test_findings_are_uploaded_before_they_fail_the_job(act: Action) -> None:
    ran = act(paths=EXAMPLE)

    assert ran.status == 1
    assert ran.outputs["lint"]["exit-code"] == "1"
    assert "upload" in ran.used
    assert any("storefront/values.yaml" in path for path in results(ran))
    assert "storefront/values.yaml" in ran.log
    assert "::error" not in ran.log


def test_the_report_is_the_summary_of_the_job(act: Action) -> None:
    ran = act(paths=FINDINGS)

    title, report = ran.summary.split("\n\n", 1)
    assert title == "### agentslint"
    assert f"{FINDINGS}/web.yaml" in report
    assert all(line.startswith("    ") for line in report.splitlines())


def test_several_paths_stand_one_a_line(act: Action) -> None:
    ran = act(paths=f"{CLEAN}\n{FINDINGS}\n")

    assert ran.status == 1
    assert "2 of 2 targets rendered" in ran.log


def test_findings_may_pass_but_what_could_not_be_checked_may_not(act: Action) -> None:
    assert act(paths=FINDINGS, fail="false").status == 0
    assert act(paths=BROKEN, fail="false").status == 2


def test_without_upload_findings_are_annotations(act: Action) -> None:
    ran = act(paths=FINDINGS, upload="false")

    assert ran.status == 1
    assert "upload" not in ran.used
    assert f"\n::error file={FINDINGS}/web.yaml,line=" in ran.log


def test_a_refused_upload_fails_the_job_and_says_what_to_do(act: Action) -> None:
    ran = act(paths=CLEAN, ends={"upload": REFUSED})

    assert ran.status == 2
    assert "security-events: write" in ran.log


def test_a_refused_upload_from_a_fork_leaves_the_verdict_to_the_findings(act: Action) -> None:
    clean, found = (act(FORK, {"upload": REFUSED}, paths=path) for path in (CLEAN, FINDINGS))

    assert (clean.status, found.status) == (0, 1)
    assert "::warning title=agentslint::code scanning did not take the report from this fork" in clean.log
    assert f"\n::error file={FINDINGS}/web.yaml,line=" in found.log


def test_an_unusable_configuration_uploads_nothing_and_fails(act: Action) -> None:
    (act.workspace / "lint.toml").write_text("selct = []\n")

    ran = act(paths=CLEAN, config="lint.toml")

    assert ran.status == 2
    assert "upload" not in ran.used
    assert "lint.toml:1" in ran.log


def test_a_checkout_of_another_user_is_read(act: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own tests do it so

    ran = act(paths=CLEAN)

    assert ran.status == 0, ran.log


def test_a_crash_is_not_taken_for_findings(act: Action, tmp_path: Path) -> None:
    crashing = tmp_path / "agentslint"
    crashing.write_text('#!/bin/sh\n[ "$1" = tools ] || exit 1\n')
    crashing.chmod(0o755)

    ran = act(paths=CLEAN, fail="false", ends={"install": Used(act.installed | {"command": str(crashing)})})

    assert ran.status == 2
    assert ran.outputs["lint"]["exit-code"] == "2"


def test_more_options_and_a_place_for_the_report(act: Action) -> None:
    ran = act(paths=FINDINGS, args="--fail-on never\n  --statistics", sarif_file="report.sarif")

    assert ran.status == 0, ran.log
    assert ran.used["upload"]["sarif_file"] == "report.sarif"
    assert (act.workspace / "report.sarif").exists()


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", ["paths", "args", "config", "category", "sarif_file", "extras"])
def test_an_input_is_never_run(act: Action, name: str) -> None:
    inputs: dict[str, Any] = {"paths": CLEAN, name: "x$(touch pwned);touch${IFS}pwned`touch pwned`"}

    act(**inputs)

    assert not (act.workspace / "pwned").exists()


@pytest.mark.parametrize("extras", ["cel]", "a b", "-r x", "cel;x"])
def test_extras_are_names(act: Action, extras: str) -> None:
    ran = act(paths=CLEAN, extras=extras)

    assert ran.status == 2
    assert "the input extras is a list of names" in ran.log


def test_what_is_linted_gives_no_commands_to_the_runner(act: Action) -> None:
    (act.workspace / CLEAN / "web.yaml").write_text("::error::owned\n::add-mask::e\n")

    ran = act(paths=CLEAN)

    before, stopped, after = ran.log.split("agentslint-", 1)[0], *ran.log.split("::stop-commands::", 1)[1].split("\n::agentslint-", 1)
    assert ran.status == 2
    assert "web.yaml" in stopped
    assert "owned" not in before + after


def test_a_word_that_is_neither_true_nor_false_is_refused(act: Action) -> None:
    ran = act(paths=CLEAN, upload="yes")

    assert ran.status == 2
    assert "true or false" in ran.log
    assert "lint" not in ran.outcomes


def test_the_renderers_are_cached_once(act: Action) -> None:
    key = RENDERERS + act.installed["version"]
    missed = act(paths=CLEAN, ends={"renderers": Used({"cache-primary-key": key})})
    hit = act(paths=CLEAN)

    assert missed.used["renderers"] == missed.used["Save the renderers"]
    assert missed.used["renderers"] == {"path": f"{act.installed['cache']}/tools", "key": key}
    assert "Save the renderers" not in hit.used


def test_the_cache_can_be_left_out(act: Action) -> None:
    ran = act(paths=CLEAN, cache="false")

    assert set(ran.used) == {"python", "install", "upload", *PROVIDED}


def results(ran: Ran) -> list[str]:
    """Return the paths that the uploaded report points at."""
    (run,) = json.loads(Path(ran.outputs["lint"]["sarif-file"]).read_text())["runs"]
    return [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
