"""A report -> the exit status of the run."""

from __future__ import annotations

from agentslint.config import Config
from agentslint.model import Level, Report, Result
from agentslint.rule import scope


def exit_status(report: Report, config: Config, fail_on: str | None, render_errors: str | None, exit_zero: bool) -> int:
    """Return 0 (clean), 1 (findings at or above `fail_on`), 2 (something could not be checked; wins over 1)."""
    tolerant = (render_errors or config.render_errors) == "warn"
    if any(not (tolerant and failure.rendering) for failure in report.failures):
        return 2
    lowest = fail_on or config.fail_on
    if exit_zero or lowest == "never":
        return 0
    counted = [result for result in report.active if result.level.rank >= Level(lowest).rank]
    return int(any(not (tolerant and _about_failure(report, result)) for result in counted))


def _about_failure(report: Report, result: Result) -> bool:
    rule = report.rules.get(result.rule_id)
    return rule is not None and "check_failure" in scope(rule)
