"""The type of a reporter, and its options."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from agentslint.model import Report


class ReportOptions(Struct, frozen=True):
    """How a report is to look; a format ignores what does not concern it.

    `width` is the terminal's, or None where there is none; `folder` is where people stand to whom paths are shown, "" for the root;
    `category` names the run in SARIF (`automationDetails.id`);
    `sarif_suppressed` keeps suppressed results in SARIF, marked as such.
    """

    color: bool = False
    verbose: bool = False
    quiet: bool = False
    statistics: bool = False
    sarif_suppressed: bool = False
    width: int | None = None
    folder: str = ""
    category: str = "agentslint"


Reporter = Callable[[Report, ReportOptions], str]
"""Makes the whole text of a report, its last line break included; an empty string where there is nothing to say.

It changes nothing, prints nothing, and does not fail on a file that cannot be read.
"""
