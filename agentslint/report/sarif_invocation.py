"""The invocation in SARIF: whether the run could do its whole job, and a notification for everything that it could not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.model import Failure, Report
from agentslint.report.frames import Frames
from agentslint.report.reporter import ReportOptions
from agentslint.report.sarif_places import physical
from agentslint.report.sarif_results import literal
from agentslint.report.summary import limits, of_one_cause, tolerated

_NOT_CHECKED, _RESULTS_CUT, _NOTE = "not-checked", "results-cut", "note"

_MEANINGS = {
    _NOT_CHECKED: "A target or a rule that could not be checked: the report is incomplete.",
    _RESULTS_CUT: "Results that were left out to stay within GitHub's limits.",
    _NOTE: "A note about the run.",
}


def _descriptor(name: str, meaning: str) -> dict[str, Any]:
    text = {"text": meaning}
    pascal = "".join(word.capitalize() for word in ("run", *name.split("-")))
    return {"id": name, "name": pascal, "shortDescription": text, "fullDescription": text, "help": text}


DESCRIPTORS = [_descriptor(name, meaning) for name, meaning in _MEANINGS.items()]
"""The descriptors that the notifications refer to by ID and index."""


def invocation(report: Report, options: ReportOptions, cut: str, indexes: Mapping[str, int], frames: Frames) -> dict[str, Any]:
    """Return the run's invocation; `cut` describes the results that were left out, and `indexes` gives the index of each rule."""
    level = "warning" if tolerated(report) else "error"
    notifications = [_failure(failure, level, options, frames, indexes) for failure in of_one_cause(report.failures)]
    notifications += [_notification(_RESULTS_CUT, "warning", cut)] if cut else []
    notifications += [_notification(_NOTE, "note", note) for note in (*report.notes, *report.asides)]
    return {
        "executionSuccessful": report.exit_code < 2,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": notifications,
        "properties": {"configuration": {"path": report.configuration, "revision": report.revision}, "skipped": limits(report)},
    }


def _failure(failure: Failure, level: str, options: ReportOptions, frames: Frames, indexes: Mapping[str, int]) -> dict[str, Any]:
    message = f"{failure.target}: {failure.message}" if failure.target else failure.message
    notification = _notification(_NOT_CHECKED, level, message)
    if failure.location:
        notification["locations"] = [{"physicalLocation": physical(failure.location, frames)}]
    if failure.rule_id:
        notification["associatedRule"] = {"id": failure.rule_id, "index": indexes[failure.rule_id]}
    if options.verbose and failure.details:
        notification["properties"] = {"details": failure.details}
    return notification


def _notification(descriptor: str, level: str, text: str) -> dict[str, Any]:
    index = list(_MEANINGS).index(descriptor)
    return {"descriptor": {"id": descriptor, "index": index}, "level": level, "message": {"text": literal(text) or descriptor}}
