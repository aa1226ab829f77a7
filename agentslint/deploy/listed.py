"""The sources of deployers' objects as `agentslint targets` lists them: judged or not, and why."""

from __future__ import annotations

from enum import Enum
from fnmatch import fnmatchcase
from typing import ClassVar

from msgspec import Struct

from agentslint.model import Field, Location, Manifest, Region, Target
from agentslint.model.application import Application
from agentslint.paths import parent
from agentslint.record import Record

_NOWHERE = Location(".", Region(1, 1, 1, 1))


class ProblemKind(str, Enum):
    """The part of a source that its deployer would refuse."""

    PATH = "path"
    FILE = "file"
    """A file or folder that the source names, such as one of values."""
    SOURCE = "source"
    """The source itself: a wrong type, or parts that exclude each other."""
    VARIABLE = "variable"
    """A variable that the deployer does not know. It deploys without it."""
    VALUE = "value"
    """A value that a template asks for and nobody gives: it prints `<no value>`."""
    CONFIGURATION = "configuration"
    """A table of our own configuration, with which no deployer has to do."""


class SourceProblem(Struct, frozen=True):
    """A source that its deployer would refuse: what is wrong, and where it is written."""

    message: str
    location: Location
    is_checked_out: bool = True
    """Whether it is known to be wrong: a path that git has and the work tree has not is only not there to look at."""
    kind: ProblemKind = ProblemKind.SOURCE
    subject: str = ""
    """The path, the file or the variable that it is about."""
    leave_out: str = ""
    """The setting with which the deployer would go on without a missing file."""
    field: Field | None = None
    """The field of the object, where that comes out of a render: its place can be proven."""

    @property
    def place(self) -> Field | Location:
        """The place of a finding about it."""
        return self.field or self.location


class ListedSource(Record, frozen=True):
    """One source of an application. `target` is there where it is judged; `reason` says why not, or by which rule it is.

    `covers` are the paths of bare targets in whose place it is judged.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("location", "manifest"))

    application: Application
    repository: str = ""
    revision: str = ""
    path: str = ""
    chart: str = ""
    plugin: str = ""
    reason: str = ""
    target: Target | None = None
    problem: SourceProblem | None = None
    covers: frozenset[str] = frozenset()
    is_ours: bool = True
    doubts: tuple[SourceProblem, ...] = ()
    """Parts of a judged source that its deployer reads otherwise than they seem to be meant."""
    location: Location | None = None
    """Where the name of the application is written."""
    manifest: Manifest | None = None
    """The object of the application, where it comes out of a render; None where it is read from its file."""

    @property
    def place(self) -> Field | Location:
        """The place of a finding about the application as a whole."""
        return Field(self.manifest, ("metadata", "name")) if self.manifest else self.location or self.application.location or _NOWHERE

    @property
    def home(self) -> str:
        """The folder that the object of the application belongs to: that of the target which renders it, else that of its file."""
        if self.manifest:
            return self.manifest.target.path
        return parent(self.application.location.path) if self.application.location else ""

    @property
    def identity(self) -> tuple[str, str]:
        """What two applications of one deployer cannot share."""
        return self.application.deployer, self.application.id

    def is_named(self, glob: str) -> bool:
        """Tell whether its application or its target is meant by a name or a glob: `argocd/web`, `web`, `argocd/*`."""
        own = self.application
        names = (own.id, own.name, *((self.target.name,) if self.target else ()))
        return any(fnmatchcase(name, glob) for name in names)

    @property
    def is_judged(self) -> bool:
        """Whether it is judged as it is deployed."""
        return self.target is not None


class ListedSet(Struct, frozen=True):
    """An object that makes applications (an ApplicationSet): how many it makes, and what keeps its deployer from making them."""

    kind: str
    name: str
    namespace: str
    location: Location
    made: int = 0
    faults: tuple[SourceProblem, ...] = ()
    is_known: bool = True
    """Whether all that it makes is known; of a generator that is not judged nobody knows."""
    field: Field | None = None
    """Its name, where it comes out of a render."""

    @property
    def place(self) -> Field | Location:
        """The place of a finding about it."""
        return self.field or self.location
