"""The output of rules: a finding, its level, its place, and how a field was located."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

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


class Related(Struct, frozen=True):
    """A second place that belongs to a finding, and its relation to it."""

    place: Place
    message: str


class Finding(Struct, frozen=True):
    """The output of a rule, with a symbolic place that is located later.

    `image` is the image that it is about and `container` the container (for `[[ignore]]` and fingerprints).
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
    is_secret: bool = False
    """Whether its place holds a credential, which no report may show."""


class NotChecked(Struct, frozen=True):
    """Something that a rule could not find out: never a pass. `accepted` is the configured reason to accept it."""

    finding: Finding
    accepted: str = ""


class Provenance(Struct, frozen=True):
    """How a field came to its location."""

    location: Location
    certainty: Certainty
    rendered_as: str = ""
    """`Deployment/agents spec.template.spec.containers[0].image = ...`, empty where the finding has no field."""
    steps: tuple[Location, ...] = ()
    """How the scalar came to the field: its own place, those that pass it on, the template's line; each with a description."""
