"""The chart's own digest enforcement is proven by renders: off, decorative, too strict, and sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.broken_chart import APPLICATION, CONTRACTS, TEMPLATES, Application, copied, told

RULE = "chart-requires-digest"
VALIDATION = f"{TEMPLATES}/validation.yaml"
ASKED = "(not $image.digest)"
LEARNT = "[rules.chart-requires-digest]\nlearnt = true\n"
CONFIGURATIONS = pytest.mark.parametrize("configuration", [CONTRACTS, LEARNT], ids=["configured", "learnt"])


@CONFIGURATIONS
def test_a_guard_that_bites_is_proven(tmp_path: Path, configuration: str) -> None:
    assert told(copied(tmp_path / "app", configuration).lint(RULE)) == set()


@CONFIGURATIONS
def test_a_guard_that_asks_for_one_block_only(tmp_path: Path, configuration: str) -> None:
    """It demands the override's digest although the fallback's is effective."""
    app = copied(tmp_path / "app", configuration)
    app.patch(
        {
            "validation.yaml": (
                ASKED,
                '(or (not $image.digest) (and (hasPrefix "controlPlane" $blocks) (not $.Values.controlPlane.image.digest)))',
            )
        }
    )
    found = told(app.lint(RULE))
    assert len(found) == 1
    _, place, message = found.pop()
    assert place == app.line(VALIDATION, "fail (join")
    assert message.startswith(
        "imagePolicy.requireDigest demands controlPlane.image.digest although image.digest pins Deployment/agents: set digest in"
    )


@CONFIGURATIONS
def test_a_guard_that_looks_at_the_root_only(tmp_path: Path, configuration: str) -> None:
    app = copied(tmp_path / "app", configuration)
    app.patch({"validation.yaml": (ASKED, "(not $.Values.image.digest)")})
    app.replace(f"{APPLICATION}/values.yaml", "image:\n  pullPolicy: IfNotPresent\n", f"image:\n  digest: sha256:{'0' * 64}\n")
    path = f"{TEMPLATES}/deployment-controllers.yaml"
    assert {(place, message.partition(":")[0].partition(" when ")[0]) for _, place, message in told(app.lint(RULE))} == {
        (
            app.line(VALIDATION, "fail (join"),
            "imagePolicy.requireDigest demands image.digest although controlPlane.image.digest pins Deployment/agents "
            "and controllers.image.digest pins Deployment/agents-controllers",
        ),
        (
            app.line(path, "value:", after="name: AGENTS_AGENT_RUNNER_IMAGE"),
            "Deployment/agents-controllers (variable AGENTS_AGENT_RUNNER_IMAGE of container controllers) renders without a digest",
        ),
        (app.line(f"{TEMPLATES}/hook-smoke.yaml", "image:"), "Job/agents-smoke (container smoke) renders without a digest"),
    }


@CONFIGURATIONS
def test_an_image_that_slips_through(tmp_path: Path, configuration: str) -> None:
    app = copied(tmp_path / "app", configuration)
    app.patch({"validation.yaml": ('{{- $_ := set $images "runner.image" (include "agents.runner.image" . | fromYaml) -}}', "")})
    path = f"{TEMPLATES}/deployment-controllers.yaml"
    assert told(app.lint(RULE)) == {
        (
            RULE,
            app.line(path, "value:", after="name: AGENTS_AGENT_RUNNER_IMAGE"),
            "Deployment/agents-controllers (variable AGENTS_AGENT_RUNNER_IMAGE of container controllers) renders without a digest "
            "when runner.image.digest is empty, although imagePolicy.requireDigest is on: add it to the chart's check",
        )
    }


def test_a_guard_that_is_decorative(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.patch({"validation.yaml": (ASKED, "false")})
    images = {place for _, place, message in told(app.lint(RULE)) if "renders without a digest" in message}
    assert images == {
        app.line(f"{TEMPLATES}/deployment.yaml", "image:"),
        app.line(f"{TEMPLATES}/deployment-controllers.yaml", "image:"),
        app.line(f"{TEMPLATES}/deployment-controllers.yaml", "value:", after="name: AGENTS_AGENT_RUNNER_IMAGE"),
        app.line(f"{TEMPLATES}/hook-smoke.yaml", "image:"),
    }


def test_another_failure_is_not_taken_for_the_guard(tmp_path: Path) -> None:
    """The chart refuses an empty digest whatever the switch says: that the switch bites is then not proven, and not green."""
    app = copied(tmp_path / "app")
    app.patch({"hook-smoke.yaml": ("$image.reference | quote", '(required "no digest" $image.digest) | quote')})
    report = app.lint(RULE)
    assert [failure.rule_id for failure in report.failures] == [RULE]
    assert "cannot prove that imagePolicy.requireDigest is enforced for Job/agents-smoke (argocdHooks.image)" in report.failures[0].message
    assert "no digest" in report.failures[0].message


def test_a_switch_that_is_off(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.replace(f"{APPLICATION}/values.yaml", "requireDigest: true", "requireDigest: false")
    assert told(app.lint(RULE)) == {
        (
            RULE,
            app.line(f"{APPLICATION}/values.yaml", "requireDigest"),
            "imagePolicy.requireDigest is off, so chart agents accepts images without a digest: set it to true",
        )
    }


def test_a_switch_that_nobody_turned(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    app.replace(f"{APPLICATION}/values.yaml", "imagePolicy:\n  requireDigest: true\n", "")
    assert {place for _, place, _ in told(app.lint(RULE))} == {app.line(f"{APPLICATION}/kustomization.yaml", "- name: agents")}


def _without_switch(app: Application, *, values: str = "") -> None:
    app.replace(
        "charts/agents/values.yaml",
        "  # true: refuse to render while an image that would run has no digest.\n  requireDigest: false\n",
        "  {}\n",
    )
    app.patch({"validation.yaml": ("$.Values.imagePolicy.requireDigest", "true")})
    app.replace(f"{APPLICATION}/values.yaml", "imagePolicy:\n  requireDigest: true\n", values)


def test_a_chart_without_the_switch_is_named_only_where_it_is_configured(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    _without_switch(app)
    assert told(app.lint(RULE)) == set()
    (app.root / ".agentslint.toml").write_text(f'digest-switch = "imagePolicy.requireDigest"\n{CONTRACTS}')
    assert told(app.lint(RULE)) == {
        (
            RULE,
            app.line(f"{APPLICATION}/kustomization.yaml", "- name: agents"),
            "chart agents does not read imagePolicy.requireDigest, so it accepts images without a digest: correct the key or the chart",
        )
    }


def test_a_switch_that_the_chart_does_not_know(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    _without_switch(app, values="imagePolicy:\n  requireDigest: true\n")
    found = told(app.lint(RULE))
    assert {(place, message.partition(",")[0]) for _, place, message in found} == {
        (app.line(f"{APPLICATION}/values.yaml", "requireDigest"), "chart agents does not read imagePolicy.requireDigest")
    }


def test_the_switch_may_have_another_name(tmp_path: Path) -> None:
    app = copied(tmp_path / "app", f'digest-switch = "policy.digests.strict"\n{CONTRACTS}')
    app.replace("charts/agents/values.yaml", "imagePolicy:\n", "policy: {digests: {strict: false}}\nimagePolicy:\n")
    app.replace("charts/agents/values.schema.json", '"global": { "type": "object" }', '"global": {}, "policy": {}')
    app.patch({"validation.yaml": ("$.Values.imagePolicy.requireDigest", "$.Values.policy.digests.strict")})
    assert {message.partition(",")[0] for _, _, message in told(app.lint(RULE))} == {"policy.digests.strict is off"}
    app.replace(f"{APPLICATION}/values.yaml", "imagePolicy:\n", "policy: {digests: {strict: true}}\nimagePolicy:\n")
    assert told(app.lint(RULE)) == set()


def test_only_production_may_be_asked(tmp_path: Path) -> None:
    configuration = (
        f'{CONTRACTS}\n[[environments]]\nname = "production"\npaths = ["prod/*"]\n[rules.{RULE}]\nenvironments = ["production"]\n'
    )
    app = copied(tmp_path / "app", configuration)
    app.replace(f"{APPLICATION}/values.yaml", "requireDigest: true", "requireDigest: false")
    assert told(app.lint(RULE)) == set()
