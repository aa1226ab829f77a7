"""Copies of the example application with one text of its chart changed, and what the rules say of them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report
from tests.conftest import PROJECT

RULES = ("image-precedence", "chart-requires-digest", "pull-secret-precedence")
APPLICATION = "argocd/applications/agents"
TEMPLATES = "charts/agents/templates"

CONTRACTS = """
[[contracts]]
chart = "agents"
workload = "Deployment/agents"
chain = ["controlPlane.image", "image"]

[[contracts]]
chart = "agents"
workload = "Deployment/agents-controllers"
chain = ["controllers.image", "image"]

[[contracts]]
chart = "agents"
workload = "Deployment/agents-controllers"
chain = ["runner.image"]

[[contracts]]
chart = "agents"
workload = "Job/agents-smoke"
chain = ["argocdHooks.image"]
"""


@dataclass(frozen=True)
class Application:
    """A copy of examples/, with the application `agents` and its chart."""

    root: Path

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a text of a file that must be there exactly once."""
        file = self.root / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        file.write_text(text.replace(old, new))

    def patch(self, changes: Mapping[str, tuple[str, str]]) -> None:
        """Change one text in each of some templates."""
        for name, (old, new) in changes.items():
            self.replace(f"{TEMPLATES}/{name}", old, new)

    def line(self, path: str, text: str, *, after: str = "") -> str:
        """Return `path:line` of the first line with a text, below the first one with another."""
        lines = (self.root / path).read_text().splitlines()
        start = next(number for number, line in enumerate(lines) if after in line)
        return f"{path}:{next(number for number, line in enumerate(lines, 1) if number > start and text in line)}"

    def lint(self, *rules: str) -> Report:
        """Lint the application with some rules."""
        with open_session(RunOptions(paths=(str(self.root / APPLICATION),), select=rules or RULES, root=str(self.root))) as (run, _):
            return lint(run)


def copied(into: Path, configuration: str = CONTRACTS) -> Application:
    """Copy the examples and configure them."""
    shutil.copytree(PROJECT / "examples", into, ignore=shutil.ignore_patterns(".*"))
    (into / ".agentslint.toml").write_text(configuration)
    return Application(into)


def told(report: Report) -> set[tuple[str, str, str]]:
    """Return rule, `path:line` and message of each finding; nothing may have been left unchecked."""
    assert report.failures == []
    return {
        (result.rule_id, f"{result.location.path}:{result.location.region.start_line}", result.finding.message) for result in report.active
    }
