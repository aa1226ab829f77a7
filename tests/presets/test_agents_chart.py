"""The preset agentslint:agents-chart: the chart of examples/agents holds it, and each way to break the chart is found at its line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import warm
from tests.conftest import PROJECT

pytest.importorskip("cel_expr_python")
pytest.importorskip("kubernetes_validate")
HERE = "examples/agents"
CHART = f"{HERE}/charts/agents"
DEFINITION = f"{CHART}/crds/agents.yaml"
EXAMPLE = f"{CHART}/examples/agent.yaml"
MISSHAPEN = ("agents-crd-shape", DEFINITION, "name: agents.agents")
VALIDATION, DEPLOYMENT, HELPERS = (f"{CHART}/templates/{name}" for name in ("validation.yaml", "deployment.yaml", "_helpers.tpl"))
Edit = Callable[[Path], None]
Place = tuple[str, str, str]
"""Rule, file, and a part of the line that is found."""


@dataclass(frozen=True)
class Run:
    """How a run ended."""

    status: int
    root: Path
    report: Mapping[str, Any]

    @property
    def found(self) -> dict[tuple[str, str], list[str]]:
        """Rule and file -> the lines that are found."""
        places: dict[tuple[str, str], list[str]] = {}
        for row in self.report["results"]:
            where = row["location"]
            line = (self.root / where["path"]).read_text().splitlines()[where["start_line"] - 1]
            places.setdefault((row["rule"], where["path"]), []).append(line)
        return places

    @property
    def messages(self) -> str:
        return "\n".join(row["message"] for row in (*self.report["results"], *self.report["failures"]))


def lint(root: Path, *edits: Edit, words: tuple[str, ...] = ()) -> Run:
    """Copy the example to where it stands in this repository, change it and lint it."""
    shutil.copytree(PROJECT / HERE, root / HERE)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    for edit in edits:
        edit(root)
    done = warm.run_text(("lint", HERE, "--offline", *words, "-f", "json"), root, dict(os.environ))
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout, done.stderr
    return Run(done.returncode, root, json.loads(done.stdout))


def replaced(path: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new))

    return edit


def without(path: str, *words: str) -> Edit:
    """Take out the `if` block whose condition holds the words."""

    def edit(root: Path) -> None:
        lines = (root / path).read_text().splitlines(keepends=True)
        (at,) = [number for number, line in enumerate(lines) if "{{- if" in line and all(word in line for word in words)]
        (root / path).write_text("".join(lines[:at] + lines[at + 3 :]))

    return edit


def added(path: str, text: str) -> Edit:
    def edit(root: Path) -> None:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)

    return edit


CRON = """apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "@daily"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "ghcr.io/acme/a:v1@sha256:%s"}]}}}}
""" % ("1f" * 32)
LONG = "x" * 263_000
SWITCH = (f"{CHART}/values.yaml", "requireDigest: false")
SECRET = "            - name: NATS_URL\n              valueFrom: {secretKeyRef: {name: nats, key: url}}\n            {{- include"
NATS = "            - name: NATS_URL\n              value: nats://other:4222\n            {{- include"


def violation(text: str) -> Place:
    """A finding about the schema in the line of the example that holds a text."""
    return "schema-violation", EXAMPLE, text


BREAKS: dict[str, tuple[Edit, Place]] = {
    "an image without a digest is accepted": (
        without(VALIDATION, "controlPlane.image.digest"),
        ("agents-digest-of-the-chart", VALIDATION, "fail (join"),
    ),
    "a runner without a digest is accepted": (without(VALIDATION, "runner.image.digest"), ("agents-digest-of-the-runner", *SWITCH)),
    "a malformed digest is accepted": (
        replaced(VALIDATION, '"^sha256:[a-f0-9]{64}$"', '"^sha256:"'),
        ("agents-digest-malformed", *SWITCH),
    ),
    "a hook without a digest is accepted": (without(VALIDATION, "argocdHooks.image.digest"), ("agents-digest-of-hooks", *SWITCH)),
    "a test without a digest is accepted": (without(VALIDATION, "tests.image.digest"), ("agents-digest-of-tests", *SWITCH)),
    "a variable of another name is accepted": (
        without(VALIDATION, '"JANGAR_"'),
        ("agents-variables-of-jangar", "examples/agents/.agentslint.toml", "[[targets]]"),
    ),
    "the removed variable is accepted": (
        without(VALIDATION, '"AGENTS_AGENT_IMAGE"'),
        ("agents-variable-of-the-agent-image", "examples/agents/.agentslint.toml", "[[targets]]"),
    ),
    "the error is another one": (
        replaced(VALIDATION, "env.vars.%s is not supported: variables", "no %s: variables"),
        ("agents-variables-of-jangar", VALIDATION, "fail (join"),
    ),
    "NATS_URL twice": (
        replaced(DEPLOYMENT, "            {{- include", NATS),
        ("agents-controllers-own-the-subscriber", DEPLOYMENT, "value: nats://other"),
    ),
    "NATS_URL once more, from a Secret": (
        replaced(DEPLOYMENT, "            {{- include", SECRET),
        ("agents-controllers-own-the-subscriber", DEPLOYMENT, "env:"),
    ),
    "NATS_URL missing": (
        replaced(HELPERS, "- name: NATS_URL\n  value: {{ .root.Values.agentComms.nats.url }}\n", ""),
        ("agents-controllers-own-the-subscriber", DEPLOYMENT, "env:"),
    ),
    "another profile of the control plane": (
        replaced(DEPLOYMENT, '"agents-control-plane"', '"agents-all"'),
        ("agents-controllers-own-the-subscriber", DEPLOYMENT, '"agents-all"'),
    ),
    "another profile of the controllers": (
        replaced(f"{CHART}/templates/deployment-controllers.yaml", '"agents-controllers"', '"agents-all"'),
        ("agents-controllers-own-the-subscriber", f"{CHART}/templates/deployment-controllers.yaml", "env:"),
    ),
    "no controllers": (
        replaced(f"{CHART}/templates/deployment-controllers.yaml", ".Values.controllers.enabled", "false"),
        ("agents-controllers-own-the-subscriber", "", ""),
    ),
    "the test is no hook": (
        replaced(f"{CHART}/templates/test-connection.yaml", "helm.sh/hook: test", "helm.sh/hook: post-install"),
        ("agents-test-with-digest", f"{CHART}/templates/test-connection.yaml", "helm.sh/hook"),
    ),
    "the test's digest is dropped": (
        replaced(f"{CHART}/templates/test-connection.yaml", 'include "agents.image" .Values.tests.image', 'printf "docker.io/curl:8.11.1"'),
        ("agents-test-with-digest", f"{CHART}/templates/test-connection.yaml", "image:"),
    ),
    "the test runs another image": (
        replaced(f"{CHART}/values.yaml", "docker.io/curlimages/curl", "docker.io/evil/curl"),
        ("agents-test-with-digest", f"{CHART}/templates/test-connection.yaml", "image:"),
    ),
    "the switch does not reach its variable": (
        replaced(DEPLOYMENT, "{{ .Values.grpc.enabled | quote }}", '"false"'),
        ("agents-grpc-switch", f"{HERE}/argocd/applications/agents/values.yaml", "enabled: true"),
    ),
    "the service does not follow the switch": (
        replaced(f"{CHART}/templates/service-grpc.yaml", "if .Values.grpc.enabled", "if not .Values.grpc.enabled"),
        ("agents-grpc-on", "", ""),
    ),
    "a kind that the chart leaves to others": (added(f"{CHART}/templates/cron.yaml", CRON), ("agents-kinds", "", "")),
    "a kind that begins as one of these": (
        added(f"{CHART}/templates/route.yaml", "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {name: a}\nspec: {}\n"),
        ("agents-kinds", f"{CHART}/templates/route.yaml", "kind: IngressRoute"),
    ),
    "another version for Artifact Hub": (
        replaced(f"{CHART}/artifacthub-pkg.yml", "version: 1.2.0", "version: 1.1.9"),
        ("agents-chart-version", f"{CHART}/artifacthub-pkg.yml", "version: 1.1.9"),
    ),
    "a definition that is too large": (
        replaced(f"{CHART}/crds/agents.yaml", "                image:", f"                image:\n                  description: {LONG}"),
        ("agents-crd-size", f"{CHART}/crds/agents.yaml", "name: agents.agents"),
    ),
    "a definition with a misspelt scope": (replaced(DEFINITION, "scope: Namespaced", "scope: Namespacd"), MISSHAPEN),
    "a definition without a plural": (replaced(DEFINITION, "plural:", "plurl:"), MISSHAPEN),
    "an example of a kind that nobody defines": (replaced(EXAMPLE, "kind: Agent", "kind: Agnet"), violation("kind: Agnet")),
    "an example of a version that is not served": (replaced(EXAMPLE, "v1alpha1", "v1"), violation("apiVersion:")),
    "an example with a misspelt field": (replaced(EXAMPLE, "timeoutSeconds", "timeoutSecs"), violation("timeoutSecs")),
    "a misspelt field of a built-in kind": (
        replaced(DEPLOYMENT, "  replicas: 1", "  replcas: 1"),
        ("schema-violation", DEPLOYMENT, "replcas"),
    ),
    "an example with a runner of others": (
        replaced(f"{CHART}/examples/agent.yaml", "  provider: reviewer", "  provider: reviewer\n  image: ghcr.io/openai/codex-universal:1"),
        ("agents-examples-runner", f"{CHART}/examples/agent.yaml", "codex-universal"),
    ),
    "the same in a folder below": (
        added(
            f"{CHART}/examples/more/agent.yaml",
            "apiVersion: agents.acme.dev/v1alpha1\nkind: Agent\nmetadata: {name: more}\nspec: {image: 'codex-universal:1'}\n",
        ),
        ("agents-examples-runner", f"{CHART}/examples/more/agent.yaml", "codex-universal"),
    ),
}


def test_the_intact_chart_holds(tmp_path: Path) -> None:
    run = lint(tmp_path)
    assert (run.status, run.found, run.report["failures"]) == (0, {}, []), run.messages


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_chart_is_found_at_its_line(tmp_path: Path, name: str) -> None:
    edit, (rule, path, part) = BREAKS[name]
    run = lint(tmp_path, edit)
    assert run.status in (1, 2), run.messages
    lines = [line for (found, where), lines in run.found.items() if found == rule and where.startswith(path) for line in lines]
    assert any(part in line for line in lines), run.found


@pytest.mark.parametrize("file", ["values-dev.yaml", "values-local.yaml", "values-prod.yaml"])
def test_values_that_do_not_render_are_not_green(tmp_path: Path, file: str) -> None:
    run = lint(tmp_path, added(f"{CHART}/{file}", "env: {vars: {JANGAR_X: a}}\n"))
    assert run.status == 2
    assert "env.vars.JANGAR_X is not supported" in run.messages
    assert [rule for rule, path in run.found if path == VALIDATION] == ["render-error"]


def test_a_folder_that_does_not_build_is_found_at_its_values(tmp_path: Path) -> None:
    values = f"{HERE}/argocd/applications/agents/values.yaml"
    run = lint(tmp_path, replaced(values, "5c1f", "zzzz"))
    assert run.status == 2
    assert "image.digest or controlPlane.image.digest to be a sha256 digest" in run.messages


def test_without_extra_renders_no_scenario_is_green(tmp_path: Path) -> None:
    run = lint(tmp_path, words=("--no-trace",))
    assert (run.status, run.found) == (2, {})
    assert run.messages.count("extra renders are off (--no-trace)") == 11


def test_an_untrusted_tree_may_take_a_preset_and_brings_no_condition_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / HERE, tmp_path / HERE)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    line = ("lint", HERE, "--offline", "--untrusted", "-f", "json")
    done = warm.run_text(line, tmp_path, dict(os.environ))
    assert (done.returncode, done.stdout) == (2, "")
    assert "examples/agents/.agentslint.toml:35: an assert may take any time and memory" in done.stderr
    config = tmp_path / HERE / ".agentslint.toml"
    config.write_text(config.read_text().partition("# What the preset")[0])
    done = warm.run_text(line, tmp_path, dict(os.environ))
    assert done.returncode == 0, done.stdout or done.stderr


def test_the_sarif_of_a_broken_chart_is_valid_and_describes_its_rules(tmp_path: Path) -> None:
    schema = json.loads((PROJECT / "tests/report/schema/sarif-2.1.0.json").read_text())
    shutil.copytree(PROJECT / HERE, tmp_path / HERE)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    without(VALIDATION, '"JANGAR_"')(tmp_path)
    done = warm.run_text(("lint", HERE, "--offline", "-f", "sarif"), tmp_path, dict(os.environ))
    sarif = json.loads(done.stdout)
    jsonschema.Draft7Validator(schema).validate(sarif)
    (run,) = sarif["runs"]
    (result,) = run["results"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert result["ruleId"] == "agents-variables-of-jangar"
    assert "helpUri" not in rules[result["ruleId"]]
    assert "must be refused" in rules[result["ruleId"]]["shortDescription"]["text"]
