"""The applications of a real repository: its four ApplicationSets, as Argo CD makes them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.suppress.command_in_process import Run


@pytest.fixture
def listed(lab: Path, run: Run, tmp_path: Path) -> Any:
    """List the applications of a copy, with a configuration."""

    def listing(config: str = "") -> dict[str, Any]:
        root = tmp_path / "lab"
        shutil.copytree(lab, root)
        (root / ".agentslint.toml").write_text('[deploy]\nrepositories = ["https://github.com/proompteng/lab.git"]\n' + config)
        found: dict[str, Any] = json.loads(run("targets", ".", "-f", "json", "--offline", cwd=root).out)
        return found

    return listing


def test_the_sets_make_76_applications(listed: Any) -> None:
    applications = [row for row in listed()["applications"] if row["set"] and row["enabled"]]
    assert Counter(row["set"] for row in applications) == {"platform": 42, "product": 22, "bootstrap": 10, "appset-helm": 2}
    assert Counter(row["plugin"] for row in applications)["lovely"] == 62


def test_one_application_is_defined_twice(listed: Any) -> None:
    assert sorted(row["set"] for row in listed()["applications"] if row["name"] == "agents") == ["", "product"]


def test_what_lovely_makes_is_judged_where_it_is_said_to_be_kustomize(listed: Any) -> None:
    plain = [
        row for row in listed('[deploy.plugins]\nlovely = "kustomize"\n')["applications"] if row["plugin"] == "lovely" and row["judged"]
    ]
    assert len(plain) == 8
    assert {row["path"] for row in plain} >= {"argocd/applications/nats", "argocd/applications/jangar"}
