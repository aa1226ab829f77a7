"""What people accept, and why: `[[ignore]]` entries, comments beside what they wrote, and the baseline."""

from agentslint.suppress.baseline import FILE, Baseline, read_baseline, write_baseline
from agentslint.suppress.comments import commented
from agentslint.suppress.configured import configured
from agentslint.suppress.entries import Entry, suppress

__all__ = ["FILE", "Baseline", "Entry", "commented", "configured", "read_baseline", "suppress", "write_baseline"]
