"""What travels through the pipeline: from a target to a located result.

Positions are 1-based; columns count Unicode code points; an end column is exclusive (SARIF 2.1.0, section 3.30).
Paths are POSIX and relative to the repository's root.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from agentslint.places import Location, Pointer, Region, dotted
from agentslint.targets import (
    Base,
    Closure,
    HelmChartEntry,
    ImagePin,
    RemoteReference,
    RenderFailure,
    Rendering,
    Target,
    TargetKind,
    TemplateCall,
    Unclear,
    Unread,
)

__all__ = [
    "Base",
    "Certainty",
    "Closure",
    "Failure",
    "Field",
    "Finding",
    "HelmChartEntry",
    "IgnoreUse",
    "ImagePin",
    "Level",
    "Location",
    "Manifest",
    "ManifestHead",
    "NotChecked",
    "Place",
    "Pointer",
    "Provenance",
    "Region",
    "Related",
    "RemoteReference",
    "RenderFailure",
    "Rendering",
    "Report",
    "Result",
    "Suppression",
    "Target",
    "TargetKind",
    "TemplateCall",
    "Unclear",
    "Unread",
    "dotted",
]


class Level(str, Enum):
    """How much a finding matters; the names are SARIF's result levels."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for a note, 2 for an error."""
        return (Level.NOTE, Level.WARNING, Level.ERROR).index(self)


class Certainty(str, Enum):
    """How sure a location is, from proven to merely near."""

    EXACT = "exact"
    MATCHED = "matched"
    RESOURCE = "resource"
    CHART = "chart"


class Manifest:
    """One rendered document, parsed only when its `body` is asked for.

    `line` is where the document starts in the stream; `prefix` leads to the manifest inside its document (an item of a `List`).
    """

    def __init__(
        self, target: Target, index: int, text: str, line: int, *, head: ManifestHead, body: Any = None, prefix: Pointer = ()
    ) -> None:
        self.target = target
        self.index = index
        self.text = text
        self.line = line
        self.head = head
        self.prefix = prefix
        if body is not None:
            self.__dict__["body"] = body

    @cached_property
    def body(self) -> Any:
        """The document as plain Python objects."""
        from agentslint.yamlread import load_trusted

        return load_trusted(self.text)

    @property
    def kind(self) -> str:
        """The manifest's `kind`."""
        return self.head.kind

    @property
    def api_version(self) -> str:
        """The manifest's `apiVersion`."""
        return self.head.api_version

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def name(self) -> str:
        """`metadata.name` (or `generateName`)."""
        return self.head.name

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, empty where there is none."""
        return self.head.namespace

    @property
    def resource(self) -> str:
        """How people name it: `Deployment/agents`."""
        return f"{self.kind}/{self.name}"

    def at(self, pointer: Pointer) -> Any:
        """Return what stands at `pointer`, or None where nothing does."""
        node = self.body
        for step in pointer:
            if isinstance(node, Mapping):
                node = node.get(step)
            elif isinstance(node, Sequence) and not isinstance(node, str) and isinstance(step, int) and step < len(node):
                node = node[step]
            else:
                return None
        return node

    def numbered(self, index: int) -> Manifest:
        """Return it with another index."""
        return Manifest(self.target, index, self.text, self.line, head=self.head, body=self.__dict__.get("body"), prefix=self.prefix)

    def __repr__(self) -> str:
        return f"<Manifest {self.resource} of {self.target.name}>"


@dataclass(frozen=True)
class ManifestHead:
    """What is known of a document without parsing it."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True)
class Field:
    """A place in a rendered manifest; `span` narrows it to the columns [start, end) of the scalar's own text.

    An absence is a field, too: `missing` names the key that is not there, and the pointer leads to where it belongs.
    """

    manifest: Manifest
    pointer: Pointer
    span: tuple[int, int] | None = None
    missing: str = ""

    @property
    def value(self) -> Any:
        """What stands at the pointer."""
        return self.manifest.at(self.pointer)

    @property
    def text(self) -> str:
        """The spanned text of the scalar (the whole scalar where there is no span)."""
        value = self.value
        text = value if isinstance(value, str) else "" if value is None else str(value)
        return text[self.span[0] : self.span[1]] if self.span else text

    @property
    def path(self) -> str:
        """The pointer as people write it: `spec.containers[0].image`."""
        return dotted(self.pointer)


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


@dataclass(frozen=True)
class Suppression:
    """Why a result does not count: the entry that says so, and its reason."""

    kind: str
    justification: str
    location: Location | None = None


@dataclass(frozen=True)
class IgnoreUse:
    """What became of one suppression in this run.

    `judged` tells whether it could have matched at all: its rule ran and a target that it may speak of was rendered.
    """

    rule_id: str
    reason: str
    location: Location
    target: Target
    matched: int
    judged: bool
    expired: bool = False
    until: str = ""
    problem: str = ""
    """Why it covers nothing, whatever there is to cover."""


@dataclass(frozen=True)
class Result:
    """A finding that has been located: what is reported."""

    finding: Finding
    provenance: Provenance
    fingerprint: str
    related: tuple[Location, ...] = ()
    targets: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """What the same scalar decides: `Deployment/agents spec...image`, of all findings that were folded into this one."""
    suppressions: tuple[Suppression, ...] = ()
    folded: tuple[Finding, ...] = ()
    """All findings that this one result stands for, where it is more than one."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that this result stands for."""
        return self.folded or (self.finding,)

    @property
    def rule_id(self) -> str:
        """The rule that found it."""
        return self.finding.rule_id

    @property
    def level(self) -> Level:
        """The level, as configured."""
        return self.finding.level

    @property
    def location(self) -> Location:
        """The primary location."""
        return self.provenance.location

    def replace(self, **changes: Any) -> Result:
        """Return a copy with `changes`."""
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True)
class Failure:
    """Something that could not be checked; it makes the run end with 2."""

    message: str
    target: str = ""
    rule_id: str = ""
    location: Location | None = None
    details: str = ""
    told: bool = False
    """Whether a result says the same: a reporter for people need not say it twice."""
    rendering: bool = False
    """Whether a target did not render, as opposed to a rule that failed or a document that cannot be read."""


@dataclass
class Report:
    """All that a reporter is given. `rules` are those that ran, by id."""

    results: list[Result]
    failures: list[Failure]
    notes: list[str]
    rules: Mapping[str, Any]
    root: Path
    targets: tuple[Target, ...]
    rendered: int
    seconds: float
    exit_code: int = 0
    renders: int = 0
    sources: Mapping[str, str] = field(default_factory=dict)
    """Text of files that are not on disk (the stream on standard input), by path: for code frames."""

    cut_short: bool = False
    """Whether tracing ended before every place was found: another run would find other places."""

    configuration: str | None = None
    """The path of the configuration that was used; None where the defaults held."""

    revision: str | None = None
    """The commit whose policy this is; None for the work tree's."""

    def about_failure(self, result: Result) -> bool:
        """Tell whether a result only says that a target did not render."""
        mine = [failure for failure in self.failures if failure.rendering and failure.target in result.targets]
        return any(failure.location == result.location for failure in mine)

    @property
    def active(self) -> list[Result]:
        """The results that count: those that nothing suppresses."""
        return [result for result in self.results if not result.suppressions]
