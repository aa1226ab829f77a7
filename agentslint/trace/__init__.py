"""Field -> Location: where in the repository a person wrote what a finding speaks of, and how that is known."""

from agentslint.trace.tracer import Tracer, fields_of

__all__ = ["Tracer", "fields_of"]
