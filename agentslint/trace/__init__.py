"""Field -> Location: where in the repository a person wrote what a finding speaks of, and how that is known."""

from agentslint.trace.provenance import Tracers, fields_of, locate, place_of
from agentslint.trace.tracer import Tracer

__all__ = ["Tracer", "Tracers", "fields_of", "locate", "place_of"]
