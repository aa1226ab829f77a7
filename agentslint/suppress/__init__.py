"""What people accept, and why: `[[ignore]]` entries, comments beside what they wrote, and the baseline."""

from agentslint.suppress.baseline import FILE, Baseline, baselined, read_baseline
from agentslint.suppress.commented import Counts, commented
from agentslint.suppress.configured import configured
from agentslint.suppress.entries import Entry, suppress
from agentslint.suppress.seen import Seen
from agentslint.suppress.stood import Stood

__all__ = ["FILE", "Baseline", "Counts", "Entry", "Seen", "Stood", "baselined", "commented", "configured", "read_baseline", "suppress"]
