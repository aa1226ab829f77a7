"""A report without the credentials that URLs hold: made before any format is, so that plugins' formats lack them, too."""

from __future__ import annotations

from msgspec.structs import replace

from agentslint.credentials import cleaned
from agentslint.model import Report


def without_credentials(report: Report) -> Report:
    """Return the report with other messages; paths stay as they are."""
    notes, asides = cleaned(report.notes), cleaned(report.asides)
    return replace(report, results=cleaned(report.results), failures=cleaned(report.failures), notes=notes, asides=asides)
