"""Questions about targets, outside of any rule: where does a field come from, and what does a scalar decide?"""

from agentslint.inquiry.impact import Impact, Instead, impact
from agentslint.inquiry.origins import Origin, TracedField, origins

__all__ = ["Impact", "Instead", "Origin", "TracedField", "impact", "origins"]
