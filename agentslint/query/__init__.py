"""Questions about targets, outside of any rule: where does a field come from, and what does a scalar decide?"""

from agentslint.query.field_origins import Origin, TracedField, origins
from agentslint.query.impact import Impact, Instead, impact

__all__ = ["Impact", "Instead", "Origin", "TracedField", "impact", "origins"]
