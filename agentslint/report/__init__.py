"""Reports: one format a file, each loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentslint.model import Report

__all__ = ["BUILTIN", "Report", "ReportOptions", "Reporter"]


@dataclass(frozen=True)
class ReportOptions:
    """How a report is to look; a format ignores what does not concern it.

    `width` is the terminal's, or None where there is none; `category` names the run in SARIF (`automationDetails.id`);
    `sarif_suppressed` keeps suppressed results in SARIF, marked as such.
    """

    color: bool = False
    verbose: bool = False
    quiet: bool = False
    statistics: bool = False
    sarif_suppressed: bool = False
    width: int | None = None
    category: str = "agentslint"


Reporter = Callable[[Report, ReportOptions], str]
"""Makes the whole text of a report, its last line break included; an empty string where there is nothing to say.

It changes nothing, prints nothing, and does not fail on a file that cannot be read.
"""


def _text(report: Report, options: ReportOptions) -> str:
    from agentslint.report.text import render

    return render(report, options)


def _sarif(report: Report, options: ReportOptions) -> str:
    from agentslint.report.sarif import render

    return render(report, options)


def _json(report: Report, options: ReportOptions) -> str:
    from agentslint.report.json_report import render

    return render(report, options)


def _github(report: Report, options: ReportOptions) -> str:
    from agentslint.report.github import render

    return render(report, options)


BUILTIN: Mapping[str, Reporter] = {"text": _text, "sarif": _sarif, "json": _json, "github": _github}
"""The formats that come with agentslint, by the name that `--format` takes."""
