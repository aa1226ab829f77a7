"""Reports: one format a file, each loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from agentslint.model import Report
from agentslint.report.reporter import Reporter, ReportOptions

__all__ = ["BUILTIN", "Report", "ReportOptions", "Reporter"]


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
