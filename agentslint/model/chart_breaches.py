"""How a chart breaks an override contract, or fails to enforce digests: facts and places, which rules put into words."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from agentslint.model.certainty import Certainty
from agentslint.places import Location, Pointer


class BreachKind(str, Enum):
    """How a field breaks its contract."""

    OVERTAKEN = "overtaken"
    """Another block of the chain decides, although the expected one comes first."""
    JOINED = "joined"
    """The expected block decides together with another one."""
    FOREIGN = "foreign"
    """A block decides that is no part of the chain."""
    NO_FALLBACK = "no-fallback"
    """The block in front is empty, and the expected one does not take over."""
    NOT_RENDERED = "not-rendered"
    """The expected block is set and not rendered."""
    NOWHERE = "nowhere"
    """No block of the chain is rendered anywhere in the workload."""
    REFUSED = "refused"
    """The block in front is empty, and the render fails although the expected one is set."""


class FieldBreach(Struct, frozen=True):
    """One field that breaks its contract at one place. Values are named in full: `controlPlane.image.tag`."""

    kind: BreachKind
    place: Pointer
    expected: tuple[str, ...]
    """The value that should decide; where none is rendered, all of the chain."""
    decides: str = ""
    """The value that decides instead, or as well."""
    empty: str = ""
    """The value that was empty in the render that proves it."""
    failure: str = ""
    """The message of the render that failed."""
    location: Location | None = None
    """Where that render failed."""


class Breach(Struct, frozen=True):
    """The breaches of a contract at one place of a workload, which `owner` names; `values` are the values concerned."""

    location: Location
    owner: str
    fields: tuple[FieldBreach, ...]
    values: tuple[tuple[Location, str], ...] = ()
    certainty: Certainty = Certainty.EXACT


class ForeignSecrets(Struct, frozen=True):
    """A repository that overrides one of another registry, and pulls with the secrets that are meant for that."""

    location: Location
    workloads: tuple[str, ...]
    registry: str
    block: str
    """The block that overrides."""
    fallback: str
    """The block that the secrets come from."""
    secrets: str
    secrets_for: str
    """The registry that the secrets are for."""
    secrets_place: Location | None
    repository_place: Location | None


class EnforcementKind(str, Enum):
    """How a chart fails to enforce digests."""

    OFF = "off"
    """The chart could enforce digests, and the switch is off."""
    UNKNOWN = "unknown"
    """The chart does not know the switch."""
    ACCEPTED = "accepted"
    """The switch is on, and an image is rendered without a digest."""
    REFUSED = "refused"
    """The switch is on, and the render fails although a digest pins the image."""


class EnforcementBreach(Struct, frozen=True):
    """One flaw of a chart's digest enforcement."""

    kind: EnforcementKind
    location: Location
    chart: str
    switch: str
    switch_place: Location | None
    """Where the switch is set; None where nobody sets it."""
    owner: str = ""
    """The workload whose image is rendered without a digest."""
    empty: tuple[str, ...] = ()
    """The digests that were empty in the render that proves it."""
    pinned: tuple[tuple[str, str], ...] = ()
    """Digests that were set, each with the workload that it pins."""
    failures: tuple[str, ...] = ()
    """The messages of the renders that failed."""
    certainty: Certainty = Certainty.EXACT
