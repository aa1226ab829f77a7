"""The page about GitHub Actions says what action.yml says, and shows the sample workflow as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

SAMPLE = "docs/examples/github-workflow.yml"
PINNED = re.compile(r"uses: ([\w./-]+)@(\S+)(?: # (\S+))?")


@pytest.fixture
def page(project: Path) -> str:
    return (project / "docs/github-actions.md").read_text(encoding="utf-8")


@pytest.fixture
def action(project: Path) -> Any:
    return yaml.safe_load((project / "action.yml").read_text(encoding="utf-8"))


def test_the_page_shows_the_sample_workflow(page: str, project: Path) -> None:
    assert (project / SAMPLE).read_text(encoding="utf-8") in blocks(page)


def test_the_page_lists_each_input_with_its_default(page: str, action: Any) -> None:
    rows = {name: default.strip(" `") for name, default in re.findall(r"^\| `([\w-]+)` \|(.*?)\|", page, re.MULTILINE)}

    assert rows == {name: entry["default"] for name, entry in action["inputs"].items()}


def test_examples_use_inputs_that_there_are(page: str, action: Any) -> None:
    used = [step for block in blocks(page) for step in steps(yaml.safe_load(block)) if step["uses"].startswith("agentslint/")]

    assert len(used) > 1
    assert {name for step in used for name in step["with"]} <= set(action["inputs"])


@pytest.mark.parametrize("name", ["action.yml", SAMPLE])
def test_actions_of_others_are_pinned_to_a_commit_that_names_its_version(project: Path, name: str) -> None:
    pins = PINNED.findall((project / name).read_text(encoding="utf-8"))

    others = [(commit, version) for used, commit, version in pins if used != "agentslint/agentslint"]
    assert others
    assert all(re.fullmatch("[0-9a-f]{40}", commit) and re.fullmatch(r"v\d+\.\d+\.\d+", version) for commit, version in others)


def blocks(page: str) -> list[str]:
    return [block.split("```", 1)[0] for block in page.split("```yaml\n")[1:]]


def steps(workflow: Any) -> list[Any]:
    jobs = workflow.get("jobs", {"only": workflow})
    return [step for job in jobs.values() for step in job["steps"]]
