"""A report -> the exit status of the run."""

from __future__ import annotations

from msgspec.structs import replace

from agentslint.config import Config
from agentslint.model import Level, Report, Result
from agentslint.rule import scope


def exit_status(report: Report, config: Config, fail_on: str | None, render_errors: str | None, exit_zero: bool) -> int:
    """Return 0 (clean), 1 (findings at or above `fail_on`), 2 (something could not be checked; wins over 1)."""
    tolerant = _is_tolerant(config, render_errors)
    if any(not (tolerant and failure.rendering) for failure in report.failures):
        return 2
    lowest = fail_on or config.fail_on
    if exit_zero or lowest == "never":
        return 0
    counted = [result for result in report.active if result.level.rank >= Level(lowest).rank]
    return int(any(not (tolerant and _about_failure(report, result)) for result in counted))


def toned_down(report: Report, config: Config, render_errors: str | None) -> Report:
    """Return the report with warnings in place of the errors about targets that do not render, if these are to warn only."""
    if not _is_tolerant(config, render_errors):
        return report
    return replace(report, results=[_as_warning(result) if _about_failure(report, result) else result for result in report.results])


def _as_warning(result: Result) -> Result:
    milder = result.level if result.level.rank < Level.WARNING.rank else Level.WARNING
    return result.replace(finding=replace(result.finding, level=milder))


def _is_tolerant(config: Config, render_errors: str | None) -> bool:
    return (render_errors or config.render_errors) == "warn"


def _about_failure(report: Report, result: Result) -> bool:
    rule = report.rules.get(result.rule_id)
    return rule is not None and "check_failure" in scope(rule)
