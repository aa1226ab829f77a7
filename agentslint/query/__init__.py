"""Questions about targets, outside of any rule: the origin of a field, and the effect of a scalar."""

from agentslint.query.field_origins import Origin, TracedField, origins
from agentslint.query.impact import Impact, Instead, impact

__all__ = ["Impact", "Instead", "Origin", "TracedField", "impact", "origins"]
