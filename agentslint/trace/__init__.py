"""Field -> Location: where in the repository a person wrote what a finding speaks of."""

from agentslint.trace.locate import Tracer

__all__ = ["Tracer"]
