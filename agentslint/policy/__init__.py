"""Whose policy a run is judged by: that of the work tree, or that of a commit which the change under review cannot touch."""

from agentslint.policy.commit_policy import Policy, open_policy
from agentslint.policy.untrusted import refuse

__all__ = ["Policy", "open_policy", "refuse"]
