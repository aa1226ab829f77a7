"""SARIF 2.1.0, as GitHub code scanning takes it.

The format is the OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; what GitHub reads of it,
and how much, is in docs.github.com, "SARIF support for code scanning".
"""

from __future__ import annotations

from typing import Any

from agentslint import __version__
from agentslint.model import Report, Result
from agentslint.report.escape import dumped
from agentslint.report.frames import Frames
from agentslint.report.reporter import ReportOptions
from agentslint.report.sarif_invocation import DESCRIPTORS, invocation
from agentslint.report.sarif_limits import fitted
from agentslint.report.sarif_places import BASE
from agentslint.report.sarif_results import result_object
from agentslint.report.sarif_rules import project_url, rule_objects

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report, options: ReportOptions) -> str:
    """Return a log with one run, within GitHub's limits; a notification says which results had to be left out."""
    offered = report.results if options.sarif_suppressed else report.active
    return fitted(offered, lambda results, cut: dumped(_log(report, options, results, cut)))


def _log(report: Report, options: ReportOptions, results: list[Result], cut: str) -> dict[str, Any]:
    rules = rule_objects(report.rules, results, report.failures)
    indexes = {rule["id"]: index for index, rule in enumerate(rules)}
    frames = Frames(report)
    run = {
        "tool": {"driver": _driver(rules)},
        "automationDetails": {"id": f"{options.category.strip('/')}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": {"text": "The root of the repository."}}},
        "invocations": [invocation(report, options, cut, indexes, frames)],
        "results": [result_object(result, indexes, frames) for result in results],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(rules: list[dict[str, Any]]) -> dict[str, Any]:
    home = project_url("Homepage")
    return {
        "name": "agentslint",
        "version": __version__,
        "semanticVersion": __version__,
        **({"informationUri": home} if home else {}),
        "rules": rules,
        "notifications": DESCRIPTORS,
    }
