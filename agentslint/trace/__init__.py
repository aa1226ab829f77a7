"""Field -> Location: the authored place in the repository that decides a field, and how certain that is."""

from agentslint.trace.provenance import Tracers, fields_of, locate, place_of

__all__ = ["Tracers", "fields_of", "locate", "place_of"]
