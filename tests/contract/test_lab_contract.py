"""The contract of the real chart, proven on the real application, with few renders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentslint.cli import main
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report
from tests.contract.broken_chart import RULES

APPLICATION = "argocd/applications/agents"
ROOTED = 'fields = ["repository", "tag", "digest", "pullPolicy", "pullSecrets"]'


def contracts() -> str:
    chains = (
        ("Deployment/agents", '["controlPlane.image", "image"]', ROOTED),
        ("Deployment/agents-controllers", '["controllers.image", "image"]', ROOTED),
        ("Deployment/agents-shell", '["agentsShell.image"]', ROOTED),
        ("Deployment/agents", '["runner.image"]', ""),
        ("Deployment/agents-controllers", '["runner.image"]', ""),
    )
    return "\n".join(f'[[contracts]]\ntarget = "{APPLICATION}"\nworkload = "{each[0]}"\nchain = {each[1]}\n{each[2]}\n' for each in chains)


def linted(lab: Path, configuration: Path | None, select: tuple[str, ...]) -> Report:
    settings = RunOptions(
        paths=(str(lab / APPLICATION),), select=select, root=str(lab), config=str(configuration) if configuration else None
    )
    with open_session(settings) as (run, _):
        return lint(run)


@pytest.mark.parametrize("select", [RULES, ()], ids=["these rules", "all rules"])
@pytest.mark.parametrize("configured", [True, False], ids=["configured", "learnt"])
def test_the_intact_chart_is_proven_and_not_accused(lab: Path, tmp_path: Path, configured: bool, select: tuple[str, ...]) -> None:
    file = tmp_path / ".agentslint.toml"
    file.write_text(contracts() if configured else "[rules.chart-requires-digest]\nlearnt = true\n")
    report = linted(lab, file, select)
    assert report.failures == []
    assert [result.finding.message for result in report.active if result.rule_id in RULES] == []
    assert 7 <= report.renders - report.rendered <= 16


def test_every_field_of_the_four_images_is_verified(
    lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".agentslint.toml"
    file.write_text(contracts())
    monkeypatch.chdir(lab)
    with pytest.raises(SystemExit) as ended:
        main(["contract", APPLICATION, "--format", "json", "--config", str(file)])
    assert ended.value.code == 0
    workloads = json.loads(capsys.readouterr().out)["charts"][0]["workloads"]
    states = {(each["workload"], each["chain"][0]): {field["field"]: field["state"] for field in each["fields"]} for each in workloads}
    kept = dict.fromkeys(("repository", "tag", "digest", "pullPolicy", "pullSecrets"), "kept")
    assert states == {
        ("Deployment/agents", "controlPlane.image"): kept,
        ("Deployment/agents-controllers", "controllers.image"): kept,
        ("Deployment/agents-shell", "agentsShell.image"): kept,
        ("Deployment/agents", "runner.image"): {**kept, "pullPolicy": "unseen"},
        ("Deployment/agents-controllers", "runner.image"): {**kept, "pullPolicy": "unseen"},
    }
    control_plane = {field["field"]: field for field in workloads[0]["fields"]}
    assert control_plane["repository"]["left_out"] == {
        "kind": "default", "text": "ghcr.io/proompteng/agents-control-plane", "block": None,
    }  # fmt: skip
    assert control_plane["digest"]["left_out"] == {"kind": "next", "text": "", "block": "image"}
    assert control_plane["digest"]["winner"] == "controlPlane.image"
    assert control_plane["pullPolicy"]["winner"] == "image"
    assert {field["all_empty"]["kind"] for each in workloads for field in each["fields"]} == {"without"}
