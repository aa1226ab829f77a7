"""Accepted findings, with their reasons: `[[ignore]]` entries, comments in authored files, and the baseline."""

from agentslint.suppress.baseline_file import FILE, Baseline, baselined, read_baseline
from agentslint.suppress.commented import Counts, commented
from agentslint.suppress.configured_ignores import configured
from agentslint.suppress.coverage import Coverage
from agentslint.suppress.stood import Stood
from agentslint.suppress.suppression import SuppressionEntry, suppress

__all__ = [
    "FILE",
    "Baseline",
    "Counts",
    "Coverage",
    "Stood",
    "SuppressionEntry",
    "baselined",
    "commented",
    "configured",
    "read_baseline",
    "suppress",
]
