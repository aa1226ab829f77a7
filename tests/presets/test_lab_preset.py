"""The preset over the real repository whose scripts it stands in for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import warm

pytest.importorskip("cel_expr_python")
pytest.importorskip("kubernetes_validate")
VALIDATION = "charts/agents/templates/validation.yaml"
REFUSALS = {
    "agents-digest-of-the-chart": "requires image.digest or controlPlane.image.digest",
    "agents-digest-of-the-runner": "requires runner.image.digest",
    "agents-digest-of-hooks": "requires argocdHooks.image.digest",
    "agents-digest-of-tests": "requires tests.image.digest",
    "agents-variables-of-jangar": "is not supported in the Agents chart",
    "agents-variable-of-the-agent-image": "is not supported; set runner.image",
}


@pytest.fixture
def repository(lab: Path, tmp_path: Path) -> Path:
    shutil.copytree(lab, tmp_path / "lab")
    (tmp_path / "lab/.agentslint.toml").write_text('extends = ["agentslint:agents-chart"]\n')
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "lab", check=True)
    return tmp_path / "lab"


def lint(repository: Path) -> list[tuple[str, str]]:
    line = ("lint", "charts/agents", "argocd/applications/agents", "--offline", "--select", "agents-*,schema-violation", "-f", "json")
    done = warm.run_text(line, repository, dict(os.environ))
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["failures"] == [], report["failures"]
    return [(row["rule"], row["location"]["path"]) for row in report["results"]]


def test_the_chart_holds_and_one_example_would_be_refused(repository: Path) -> None:
    """kubeconform takes the example: it does not evaluate the rules of a definition."""
    assert lint(repository) == [("schema-violation", "charts/agents/examples/agentrun-native-workflow.yaml")]


@pytest.mark.parametrize("rule", REFUSALS)
def test_a_refusal_that_is_gone_is_found(repository: Path, rule: str) -> None:
    path = repository / VALIDATION
    text = path.read_text()
    changed = re.sub(rf"\{{\{{- \$errors = append \$errors [^\n]*{re.escape(REFUSALS[rule])}[^\n]*\n", "", text)
    assert changed != text
    path.write_text(changed)
    assert rule in {found for found, _ in lint(repository)}
