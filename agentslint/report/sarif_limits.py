"""GitHub's limits for a SARIF file: 5,000 results that are kept, 10 MB gzipped (docs.github.com, "SARIF support")."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence

from agentslint.model import Result
from agentslint.report.summary import by_place

MOST_RESULTS = 5000
MOST_BYTES = 10_000_000

Write = Callable[[list[Result], str], str]
"""Writes results to a log, with a sentence about what was left out (empty for nothing)."""


def fitted(results: Sequence[Result], write: Write, *, most_results: int = MOST_RESULTS, most_bytes: int = MOST_BYTES) -> str:
    """Return the log of as many results as the limits allow: the most severe, by file and line.

    Where even no result at all fits (the rules alone are too large), the log without results is returned.
    """
    ranked = by_severity(results)
    keep = min(len(ranked), most_results)
    while True:
        text = write(by_place(ranked[:keep]), cut_message(len(ranked), keep))
        size = _gzipped_size(text, most_bytes)
        if size <= most_bytes or keep == 0:
            return text
        keep = min(keep - 1, int(keep * most_bytes / size * 0.95))


def by_severity(results: Sequence[Result]) -> list[Result]:
    """Return active results before suppressed ones, then the most severe first, then by place."""
    return sorted(by_place(results), key=lambda result: (bool(result.suppressions), -result.level.rank))


def cut_message(found: int, kept: int) -> str:
    """Say how many results were left out of a SARIF file; an empty string where none was."""
    if found <= kept:
        return ""
    return (
        f"{found - kept:,} of {found:,} results are left out, the least severe ones (GitHub's limits: {MOST_RESULTS:,} results, 10 MB "
        "gzipped); text and json have all"
    )


def _gzipped_size(text: str, enough: int) -> int:
    """Return the gzipped size in bytes; where the text itself is no larger than `enough`, its own."""
    raw = text.encode()
    return len(raw) if len(raw) <= enough else len(gzip.compress(raw, mtime=0))
