"""Whose policy a run is judged by: that of the work tree, or that of a commit which the change under review cannot touch."""

from agentslint.policy.commit_policy import Policy, open_policy
from agentslint.policy.named_baseline import named_baseline
from agentslint.policy.untrusted import refuse

__all__ = ["Policy", "named_baseline", "open_policy", "refuse"]
