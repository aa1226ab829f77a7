"""actionlint and zizmor over what we publish for GitHub Actions, and the proof that they would speak up."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from git_repository import git

SAMPLE = "docs/examples/github-workflow.yml"


@pytest.fixture
def repository(tmp_path: Path, project: Path) -> Path:
    """A repository with the action at its root, and the sample as its workflow."""
    (tmp_path / ".github/workflows").mkdir(parents=True)
    shutil.copy(project / "action.yml", tmp_path)
    shutil.copy(project / SAMPLE, tmp_path / ".github/workflows/sample.yml")
    git(tmp_path, "init", "--quiet")
    return tmp_path


def test_actionlint_accepts_the_sample_workflow(actionlint: Path, repository: Path) -> None:
    assert says(actionlint, repository) == ""


def test_actionlint_accepts_the_action_and_every_input(actionlint: Path, repository: Path) -> None:
    workflow(repository, "local", [{"uses": "./", "with": dict.fromkeys(inputs(repository), "x")}])

    assert says(actionlint, repository) == ""


def test_actionlint_refuses_an_input_that_the_action_does_not_have(actionlint: Path, repository: Path) -> None:
    workflow(repository, "local", [{"uses": "./", "with": {"path": "argocd"}}])

    assert 'input "path" is not defined in action "agentslint"' in says(actionlint, repository)


def test_actionlint_accepts_the_steps_of_the_action(actionlint: Path, repository: Path) -> None:
    """Of an action it reads the metadata only, so its steps are shown to it as those of a workflow."""
    steps = definition(repository)["runs"]["steps"]
    workflow(repository, "steps", steps, {"workflow_call": {"inputs": {name: {"type": "string"} for name in inputs(repository)}}})

    assert says(actionlint, repository) == ""


@pytest.mark.parametrize("name", ["action.yml", SAMPLE, ".pre-commit-hooks.yaml"])
def test_zizmor_finds_nothing(zizmor: Path, project: Path, name: str) -> None:
    done = audit(zizmor, project / name)

    assert done.returncode == 0, done.stdout


def test_zizmor_refuses_an_input_in_a_script(zizmor: Path, repository: Path) -> None:
    action = repository / "action.yml"
    action.write_text(action.read_text().replace('cat "$report"', "cat ${{ inputs.sarif-file }}"))

    assert "template-injection" in audit(zizmor, action).stdout


def test_zizmor_refuses_an_action_that_is_not_pinned(zizmor: Path, repository: Path) -> None:
    sample = repository / ".github/workflows/sample.yml"
    sample.write_text(sample.read_text().replace("# zizmor: ignore[unpinned-uses]", "#"))

    assert "unpinned-uses" in audit(zizmor, sample).stdout


def says(actionlint: Path, repository: Path) -> str:
    done = subprocess.run([actionlint, "-no-color"], cwd=repository, stdout=subprocess.PIPE, text=True)
    assert done.returncode == (1 if done.stdout else 0)
    return done.stdout


def audit(zizmor: Path, file: Path) -> subprocess.CompletedProcess[str]:
    options = ["--offline", "--pedantic", "--strict-collection", "--no-config", "--collect", "all", "--color", "never"]
    return subprocess.run([zizmor, *options, file], stdout=subprocess.PIPE, text=True)


def workflow(repository: Path, name: str, steps: list[dict[str, Any]], on: object = "push") -> None:
    """Write a workflow of one job."""
    job = {"runs-on": "ubuntu-latest", "steps": steps}
    text = yaml.safe_dump({"name": name, "on": on, "permissions": {}, "jobs": {"job": job}}, sort_keys=False)
    (repository / f".github/workflows/{name}.yml").write_text(text)


def definition(repository: Path) -> Any:
    return yaml.safe_load((repository / "action.yml").read_text())


def inputs(repository: Path) -> list[str]:
    return list(definition(repository)["inputs"])
