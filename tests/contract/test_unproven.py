"""What cannot be verified is never taken for kept: the run says so and does not end green."""

from __future__ import annotations

from pathlib import Path

from agentslint.config import Config
from agentslint.engine.exit_status import exit_status
from tests.contract.broken_chart import APPLICATION, CONTRACTS, copied

RULE = "image-precedence"


def test_a_contract_for_a_workload_that_is_not_rendered(tmp_path: Path) -> None:
    configuration = CONTRACTS.replace('chart = "agents"', f'target = "{APPLICATION}"').replace("Job/agents-smoke", "Job/agents-smock")
    report = copied(tmp_path / "app", configuration).lint(RULE)
    assert [failure.rule_id for failure in report.failures] == [RULE]
    assert "chart agents renders no Job/agents-smock, which [[contracts]] names" in report.failures[0].message
    assert exit_status(report, Config(), None, None, False) == 2


def test_a_contract_for_any_target_may_find_a_workload_switched_off(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.replace(f"{APPLICATION}/values.yaml", "argocdHooks:\n  enabled: true", "argocdHooks:\n  enabled: false")
    report = app.lint(RULE)
    assert (report.failures, report.active) == ([], [])


def test_a_chart_that_refuses_the_marks(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.replace(
        "charts/agents/values.schema.json",
        '"repository": { "type": "string" }',
        '"repository": { "pattern": "^(ghcr.io/acme/agents.*)?$" }',
    )
    app.replace(f"{APPLICATION}/values.yaml", "registry.example.com/mirror/curl", "ghcr.io/acme/agents-curl")
    report = app.lint(RULE)
    assert report.active == []
    assert "the contract of Deployment/agents (controlPlane.image > image), Deployment/agents-controllers" in report.failures[0].message
    assert report.failures[0].message.count("could not be verified: ") == 1
    assert "refuses the values" in report.failures[0].message


def test_nothing_is_rendered_again(tmp_path: Path) -> None:
    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.engine.run_options import RunOptions

    app = copied(tmp_path / "app")
    settings = RunOptions(paths=(str(app.root / APPLICATION),), select=(RULE,), root=str(app.root), trace=False)
    with open_session(settings) as (run, _):
        report = lint(run)
    assert [failure.rule_id for failure in report.failures] == [RULE]


def test_a_block_that_the_chart_does_not_have(tmp_path: Path) -> None:
    """A misspelt chain: the schema refuses it, and the contract is not verified."""
    configuration = CONTRACTS.replace('"controlPlane.image", "image"]', '"controlplane.image", "image"]\nfields = ["repository", "tag"]')
    report = copied(tmp_path / "app", configuration).lint(RULE)
    assert "controlplane" in report.failures[0].message
    assert exit_status(report, Config(), None, None, False) == 2
