"""A policy, and its verdict on a change: as a person reads it, as SARIF, and as the exit status."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from story import QUIET, Story

from tests import warm

CONFIG = """\
select = ["promotion-order", "api-lockstep", "partial-rollback", "digest-changed-alone", "crd-compat", "crd-codegen", "image-lockstep"]
[[groups]]
name = "agents"
images = ["ghcr.io/acme/agents/*"]
source = "../source"
order = [{ workloads = ["*/controllers"] }, { workloads = ["*/control-plane"] }]
api-paths = ["api/**/types.go"]
[[rules.crd-codegen.pairs]]
types = ["api/**/types.go"]
crds = ["charts/agents/crds/**", "charts/agents/templates/crd*.yaml"]
"""
WITHOUT_PATHS = CONFIG.replace('api-paths = ["api/**/types.go"]\n', "")
VALUES = "apps/agents/values.yaml"
CONTROL_PLANE_TAG, CONTROLLERS_TAG = f"{VALUES}:2:8", f"{VALUES}:6:10"


@dataclass(frozen=True)
class Verdict:
    """What one run says."""

    status: int
    text: str
    sarif: Any

    @property
    def findings(self) -> list[tuple[str, str]]:
        """Place and rule of every finding; the text and the SARIF say the same."""
        found = [(_place(each), each["ruleId"]) for each in self.sarif["results"] if not each.get("suppressions")]
        said = [line for line in self.text.splitlines() if any(f" {level}[" in line for level in ("error", "warning", "note"))]
        told = [line.split(" ")[0] for line in said]
        assert sorted(told) == sorted(place for place, _ in found), (told, found)
        return found

    @property
    def messages(self) -> str:
        return "\n".join(each["message"]["text"] for each in self.sarif["results"])

    @property
    def not_checked(self) -> list[str]:
        """What SARIF tells as an error of the run; the text says it, too."""
        notifications = self.sarif["invocations"][0].get("toolExecutionNotifications", [])
        errors = [each["message"]["text"] for each in notifications if each["level"] == "error"]
        assert self.sarif["invocations"][0]["executionSuccessful"] is not bool(errors)
        said = " ".join(self.text.split())
        assert all(" ".join(error.split())[:60] in said for error in errors), (errors, self.text)
        return errors

    @property
    def is_clean(self) -> bool:
        """Whether all three say that nothing is wrong."""
        return (self.status, self.findings, self.not_checked) == (0, [], [])


def judged(story: Story, *words: str, base: str = "HEAD", **environ: str) -> Verdict:
    """Lint the work tree against a base, as a job does."""
    report = story.root.parent / "report.sarif"
    line = ["--base", base, *words, "--format", "text", "--format", "sarif", "--output", str(report)]
    done = warm.run_text(line, story.root, {**os.environ, **QUIET, **environ})
    assert "Traceback" not in done.stderr, done.stderr
    assert report.exists(), done.stderr
    return Verdict(done.returncode, done.stdout + done.stderr, json.loads(report.read_text())["runs"][0])


def _place(result: Any) -> str:
    physical = result["locations"][0]["physicalLocation"]
    region = physical["region"]
    return f"{physical['artifactLocation']['uri']}:{region['startLine']}:{region.get('startColumn', 1)}"
