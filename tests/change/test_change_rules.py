"""Rules about a change in a run of the linter: when they run, what they are given, and what is said where they cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from story import QUIET, Story, agents, plain, web

from tests import warm

A, B = "a1b2c3d4e5f6071829304152637485960718293a", "b2c3d4e5f60718293041526374859607182930ab"
POLICY = '''\
"""Speaks of every image that another one takes the place of."""
from agentslint.rule import Finding, Rule


class NewImage(Rule):
    """Images that are not what ran before."""

    def check_change(self, change):
        for target in change.targets:
            for image in target.images:
                if image.differs and image.head:
                    yield self.finding(image.head.tag_field, f"{image.head.owner} was {image.base and image.base.text}", use=image.head)
'''
CONFIG = 'plugins = ["policy.py"]\nselect = ["new-image"]\n'
POLICED = {".agentslint.toml": CONFIG, "policy.py": POLICY}


def lint(story: Story, *words: str, cwd: str = "", **environ: str) -> tuple[int, Any]:
    """Run the command as a user does; returns its status and the JSON report."""
    done = warm.run_text([*words, "--format", "json"], story.root / cwd, {**os.environ, **QUIET, **environ})
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def places(report: Any) -> list[tuple[str, int, str]]:
    return [(each["location"]["path"], each["location"]["start_line"], each["certainty"]) for each in report["results"]]


def not_checked(report: Any) -> list[str]:
    return [each["message"] for each in report["failures"]]


@pytest.fixture
def promoted(story: Story) -> Story:
    """The controllers are promoted in the work tree; beside them is an application that stays."""
    story.commit("all at A", {**POLICED, **agents(controllers=A, control_plane=A), **plain("apps/web", "ghcr.io/acme/web:one")})
    return story.write(agents(controllers=B, control_plane=A))


def test_a_finding_about_a_change_stands_at_the_line_that_changed(promoted: Story) -> None:
    status, report = lint(promoted, "--base", "HEAD")
    assert (status, places(report)) == (1, [("apps/agents/values.yaml", 6, "exact")])
    assert f"was ghcr.io/acme/agents/controllers:{A[:8]}@" in report["results"][0]["message"]
    (note,) = report["notes"]
    assert note == f"compared with HEAD ({promoted.commits[0][:10]}): 1 target differs (apps/agents)"


def test_without_a_base_they_do_not_run_and_the_report_says_so(promoted: Story) -> None:
    status, report = lint(promoted)
    assert (status, report["results"], report["failures"]) == (0, [], [])
    assert report["notes"] == ["skipped new-image: no base revision (pass --base REV)"]


def test_the_base_of_a_ci_job(promoted: Story) -> None:
    status, report = lint(promoted, CI_MERGE_REQUEST_DIFF_BASE_SHA=promoted.commits[0], CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert (status, len(report["results"])) == (1, 1)
    assert "compared with main" in report["notes"][0]


def test_a_base_that_is_missing_is_not_a_pass(promoted: Story, tmp_path: Path) -> None:
    promoted.commit("promoted")
    shallow = promoted.clone(tmp_path / "shallow", "--depth=1")
    status, report = lint(shallow, GITHUB_BASE_REF="trunk", GITHUB_SHA="0" * 40)
    assert (status, report["results"]) == (2, [])
    (message,) = not_checked(report)
    assert message.startswith(
        "rules about changes (new-image) did not run: the base revision 'origin/trunk' is not in this clone, which is shallow"
    )
    assert "fetch-depth: 0" in message


def test_no_repository_is_not_a_pass(promoted: Story, tmp_path: Path) -> None:
    (promoted.root / ".git").rename(tmp_path / "elsewhere")
    status, report = lint(promoted, "--base", "HEAD", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert status == 2
    assert "is in no git repository" in not_checked(report)[0]


def test_other_rules_go_on_without_the_base(promoted: Story) -> None:
    promoted.write({".agentslint.toml": CONFIG.replace('"new-image"', '"new-image", "require-digest"')})
    status, report = lint(promoted, "--base", "nowhere")
    assert (status, [each["rule"] for each in report["results"]]) == (2, ["require-digest"])


def test_no_rule_about_a_change_needs_no_base(promoted: Story) -> None:
    status, report = lint(promoted, "--base", "nowhere", "--select", "invalid-image")
    assert (status, report["notes"], report["failures"]) == (0, [], [])
    assert report["summary"]["renders"] == 2


def test_a_rule_that_the_configuration_gives_nothing_to_look_at_needs_no_base(promoted: Story) -> None:
    idle = POLICY + "\n    def wants_change(self, config):\n        return bool(config.groups)\n"
    promoted.write({"policy.py": idle})
    assert lint(promoted, "--base", "nowhere")[0] == 0
    promoted.write({".agentslint.toml": CONFIG + '[[groups]]\nname = "agents"\nimages = ["*"]\n'})
    assert lint(promoted, "--base", "nowhere")[0] == 2


def test_only_what_differs_is_rendered_twice(promoted: Story) -> None:
    assert lint(promoted, "--base", "HEAD", "--no-trace")[1]["summary"]["renders"] == 3


def test_a_base_that_does_not_render_is_not_a_pass(story: Story) -> None:
    story.commit("broken", {**POLICED, "apps/web/kustomization.yaml": "resources:\n  - nowhere.yaml\n"})
    story.write(plain("apps/web", "ghcr.io/acme/web:one"))
    status, report = lint(story, "--base", "HEAD")
    assert (status, report["results"]) == (2, [])
    (message,) = not_checked(report)
    assert message.startswith(f"the change cannot be determined: at the base HEAD ({story.commits[0][:10]}) it does not render: ")
    assert "(apps/web/kustomization.yaml:2 there)" in message
    assert lint(story, "--base", "HEAD", "--render-errors", "warn")[0] == 0


def test_what_does_not_render_today_is_said_once(promoted: Story) -> None:
    promoted.write({"apps/web/kustomization.yaml": "resources:\n  - nowhere.yaml\n"})
    status, report = lint(promoted, "--base", "HEAD")
    assert (status, len(report["failures"])) == (2, 1)


def test_a_finding_in_the_base_is_a_mistake_of_the_rule(promoted: Story) -> None:
    promoted.write({"policy.py": POLICY.replace("image.head.tag_field", "image.base.tag_field")})
    status, report = lint(promoted, "--base", "HEAD")
    assert status == 2
    assert "rule new-image failed: ValueError: a finding stands in Deployment/controllers of the base" in not_checked(report)[0]


def test_a_finding_about_a_target_that_is_not_selected_has_its_place_too(story: Story) -> None:
    """The file was read by another target; that one changes, too."""
    more = {"shared.yaml": web("ghcr.io/acme/web:one"), "a/kustomization.yaml": "resources: [../shared.yaml]\n"}
    config = {".agentslint.toml": f'{CONFIG}[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'}
    story.commit("shared", {**POLICED, **config, **more, "b/kustomization.yaml": "resources: [../shared.yaml]\n"})
    story.write({"a/web.yaml": web("ghcr.io/acme/web:two"), "a/kustomization.yaml": "resources: [web.yaml]\n"})
    status, report = lint(story, "--base", "HEAD", "shared.yaml")
    assert (status, places(report)) == (1, [("a/web.yaml", 10, "exact")])


def test_a_finding_can_be_accepted_where_it_stands(promoted: Story) -> None:
    files = agents(controllers=B, control_plane=A)
    text = str(files["apps/agents/values.yaml"]).replace("    tag: b2", "    # agentslint: ignore[new-image] canary\n    tag: b2")
    promoted.write({"apps/agents/values.yaml": text})
    status, report = lint(promoted, "--base", "HEAD")
    assert (status, len(report["results"][0]["suppressions"])) == (0, 1)


def test_a_staged_promotion_in_a_commit_hook(promoted: Story) -> None:
    """git sets its variables for a hook, and a partial commit has an index of its own."""
    hook = promoted.root / ".git/hooks/pre-commit"
    words = f"{sys.executable} -m agentslint -q apps/agents/values.yaml --base HEAD"
    hook.write_text(f"#!/bin/sh\n{words} > {promoted.root}/../said || exit 1\n")
    hook.chmod(0o755)
    promoted.git("add", "--all")
    command = ["git", "commit", "--quiet", "--message=promote", "apps/agents/values.yaml"]
    identity = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(command, cwd=promoted.root, env={**os.environ, **QUIET, **identity}, capture_output=True, text=True)
    said = (promoted.root.parent / "said").read_text()
    assert done.returncode == 1
    assert said.startswith("apps/agents/values.yaml:6:10 warning[new-image] ")
