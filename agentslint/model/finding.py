"""What rules say: a finding, its level, its place, and how a field came to a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from agentslint.model.certainty import Certainty
from agentslint.model.manifest import Field
from agentslint.model.target import Target
from agentslint.places import Location


class Level(str, Enum):
    """How much a finding matters; the names are SARIF's result levels."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for a note, 2 for an error."""
        return (Level.NOTE, Level.WARNING, Level.ERROR).index(self)


Place = Field | Location
"""Where a finding is: symbolic (a field, located later) or already in a file."""


@dataclass(frozen=True)
class Related:
    """A second place that belongs to a finding, with what it has to do with it."""

    place: Place
    message: str


@dataclass(frozen=True)
class Finding:
    """What a rule says, symbolic: it holds no path of its own making.

    `image` is the image that it speaks of and `container` the container (for `[[ignore]]` and fingerprints).
    """

    rule_id: str
    message: str
    place: Place
    target: Target
    related: tuple[Related, ...] = ()
    image: str = ""
    container: str = ""
    level: Level = Level.WARNING
    certainty: Certainty = Certainty.EXACT
    """How sure the place is, where it is a Location."""


@dataclass(frozen=True)
class NotChecked:
    """What a rule could not find out, as a finding says it: never a pass. `accepted` says why people let it be."""

    finding: Finding
    accepted: str = ""


@dataclass(frozen=True)
class Provenance:
    """How a field came to its location."""

    location: Location
    certainty: Certainty
    rendered_as: str = ""
    """`Deployment/agents spec.template.spec.containers[0].image = ...`, empty where the finding has no field."""
    steps: tuple[Location, ...] = ()
    """How the scalar came to the field: itself, what passes it on, the template's line; each with what happens there."""
