"""A target with all that it reads, and its rendering or failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from agentslint.model.application import Application, DeployedSource
from agentslint.model.certainty import Certainty
from agentslint.paths import names_target
from agentslint.places import Location, Pointer, Region
from agentslint.record import Record

KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""In kustomize's order; a folder with two of them does not build (`RecognizedKustomizationFileNames`)."""


class TargetKind(str, Enum):
    """How the manifests of a target come to be."""

    KUSTOMIZATION = "kustomization"
    CHART = "chart"
    """A Helm chart that a deployer renders."""
    DIRECTORY = "directory"
    """A folder of manifests that a deployer takes as they are."""
    MANIFESTS = "manifests"
    STREAM = "stream"


class HelmChartEntry(Record, frozen=True):
    """One `helmCharts` entry of a kustomization in a target's closure.

    `kustomization` is the path of the file that holds it, `line` the entry's own; `directory` is where kustomize looks for
    the chart, relative to the root, or None where that lies outside of it.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("version_region", "version_at", "crds_at"))

    kustomization: str
    line: int
    name: str
    release: str = ""
    repo: str = ""
    version: str = ""
    devel: bool = False
    directory: str | None = None
    present: bool = False
    """Whether the chart is there, so that kustomize pulls nothing."""
    version_region: Region | None = None
    """Where the version stands."""
    version_at: object = None
    """The Place of a version that is not written beside the entry: in an object that comes out of a render, or in another object."""
    crds_at: object = None
    """The Place of the switch that leaves out the chart's `crds/` (`skipCrds`, `includeCRDs: false`); None where there is none."""
    value_files: tuple[str, ...] | None = None
    """The values files, the last one wins, where a deployer renders the chart; None where an entry of a kustomization names them."""
    inline: Pointer | None = None
    """Where, in the file of a deployer's object, values stand that win over the files."""


class Base(Struct, frozen=True):
    """A repository that kustomize clones: the words of its `git fetch --depth=1 URL REF`, and whether submodules follow.

    `ClonerUsingGitExec` of kustomize 5.8's api/internal/git/cloner.go.
    """

    url: str
    ref: str
    submodules: bool = False

    @property
    def pinned(self) -> bool:
        """Whether it is the same tree every time: the revision is a whole commit id."""
        return len(self.ref) in (40, 64) and not self.ref.strip("0123456789abcdef")

    @property
    def plain(self) -> Base:
        """The same without submodules."""
        return replace(self, submodules=False)

    def __str__(self) -> str:
        return f"base {self.url} at {self.ref[:12] if self.pinned else self.ref}"


class RemoteReference(Record, frozen=True):
    """A `resources` or `components` entry that kustomize fetches from the network."""

    not_compared: ClassVar[frozenset[str]] = frozenset(("region", "base"))

    kustomization: str
    line: int
    url: str
    region: Region | None = None
    """Where the URL stands; None where it is written inside of another text."""
    base: Base | None = None
    """The base that kustomize clones for it, if it is not a file."""


class Unclear(Struct, frozen=True):
    """A kustomization or plugin that cannot be parsed here, but perhaps by kustomize; whether it may name addresses that nobody knows."""

    path: str
    line: int
    reason: str
    may_name_addresses: bool


class ImagePin(Struct, frozen=True):
    """An image as the `images` of the kustomizations in a closure set it: known without a render, whether it is used or not.

    `region` is that of the tag, or of the digest where no tag is set.
    """

    kustomization: str
    repository: str
    tag: str
    digest: str
    region: Region


class Unread(Struct, frozen=True):
    """A path of a closure that is never read, and that renders do without: a link out of the repository, a pipe, git's own files.

    `why` says what is wrong with it, "" where nobody need know; `kustomization` and `line` are the entry that names it, "" and 0
    where none does (a file somewhere in a chart's folder). Where it is `fatal`, there is nothing to render without it.
    """

    path: str
    why: str = ""
    kustomization: str = ""
    line: int = 0
    fatal: bool = False

    @property
    def message(self) -> str:
        """The whole sentence."""
        return f"{self.path} {self.why}" + ("" if self.fatal else "; it is not read")


class Closure(Struct, frozen=True):
    """All files that a target reads: a superset, so that no change is missed.

    `files` are single files; `folders` are read whole (local charts); `kustomizations` are the kustomization files among
    `files`, the target's own first. `unread` is not read. Of a target that is `unclear` a kustomization is no YAML that we
    can read: nobody knows what else it names.
    """

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    kustomizations: tuple[str, ...] = ()
    charts: tuple[HelmChartEntry, ...] = ()
    remotes: tuple[RemoteReference, ...] = ()
    pins: tuple[ImagePin, ...] = ()
    unread: tuple[Unread, ...] = ()
    unclear: tuple[Unclear, ...] = ()

    def reads(self, path: str) -> bool:
        """Tell whether the file at `path` (relative to the root) is part of the closure."""
        return path in self.files or any(path.startswith(folder + "/") for folder in self.folders)

    def reads_in(self, folder: str) -> bool:
        """Tell whether something in the folder at this path ("" for all) is part of the closure."""
        prefix = f"{folder}/" if folder else ""
        return self.reads(prefix) or any(path.startswith(prefix) for path in (*self.files, *self.folders))

    def joined(self, *others: Closure) -> Closure:
        """Return what is read by this and by others; the pins are those of this one."""
        every = (self, *others)
        return Closure(
            files=frozenset[str]().union(*(each.files for each in every)),
            folders=frozenset[str]().union(*(each.folders for each in every)),
            kustomizations=tuple(dict.fromkeys(path for each in every for path in each.kustomizations)),
            charts=tuple(dict.fromkeys(chart for each in every for chart in each.charts)),
            remotes=tuple(dict.fromkeys(remote for each in every for remote in each.remotes)),
            pins=self.pins,
            unread=tuple(dict.fromkeys(unread for each in every for unread in each.unread)),
            unclear=tuple(dict.fromkeys(unclear for each in every for unclear in each.unclear)),
        )

    @property
    def of_object(self) -> Closure:
        """What decides an object that is rendered from here, for the target that it makes: its own sources are others."""
        return replace(self, remotes=(), pins=(), unread=())


class Above(Struct, frozen=True):
    """The targets that a kustomization is a part of and that do not render, and the namespaces and applications into which they put it."""

    names: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    applications: tuple[Application, ...] = ()


class Target(Record, frozen=True):
    """One unit of rendering: a kustomization's folder, a manifest file, the stream on standard input, or a source as it is deployed.

    `name` identifies it (the folder's or file's path relative to the root, "." for the root itself, the name given to
    the stream, or `namespace/application`); `file` is the path that a finding about the whole target points at.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("above", "source"))

    name: str
    kind: TargetKind
    root: Path
    file: str
    closure: Closure = Closure()
    deployed: DeployedSource | None = None
    """The application that it is a source of."""
    above: Above = Above()
    """Of a target that is rendered alone because another one failed."""
    source: Closure | None = None
    """The part of the closure that the renderer reads, where its deployer alone reads the rest; None where that is all of it."""

    def __repr__(self) -> str:
        return f"Target({self.name!r})"

    @property
    def path(self) -> str:
        """The folder or file that is rendered, as a target is named that nothing deploys."""
        return self.deployed.path if self.deployed else self.name

    @property
    def is_built(self) -> bool:
        """Whether several files decide over its manifests, so that other bytes in one of them may render otherwise."""
        return self.kind in (TargetKind.KUSTOMIZATION, TargetKind.CHART, TargetKind.DIRECTORY)

    def is_named(self, globs: Iterable[str]) -> bool:
        """Tell whether one of some globs names it, by its own name or by its path."""
        globs = tuple(globs)
        return names_target(globs, self.name) or (self.deployed is not None and names_target(globs, self.path))

    @property
    def folder(self) -> Path:
        """The absolute folder that is built, for a kustomization."""
        return (self.root / self.file).parent


class TemplateCall(Struct, frozen=True):
    """One `helm template` that the renderer ran, as the shim recorded it."""

    release: str
    chart: str
    namespace: str
    sources: Mapping[tuple[str, str], str] = {}
    """(kind, name) of a document -> the template that made it, e.g. `agents/templates/deployment.yaml`."""
    unread: tuple[str, ...] = ()
    """The documents that cannot be read, and why: of what they render nobody knows the call."""
    namespaced: Mapping[tuple[str, str, str], tuple[str, ...]] = {}
    """The same with the namespace of the document. Several of one name are in the order of the output."""

    def made(self, kind: str, name: str, namespace: str) -> bool:
        """Tell whether it made a document of this very name in this namespace, its own where the document names none."""
        return (kind, name, namespace) in self.namespaced or ((kind, name, "") in self.namespaced and self.namespace == namespace)

    def template_of(self, kind: str, name: str, namespace: str = "", at: int = 0) -> str:
        """Return the template that made a document, the one at `at` of several with its name; empty if unknown.

        kustomize may have put it into another namespace.
        """
        several = self.namespaced.get((kind, name, namespace)) or self.namespaced.get((kind, name, "")) or ()
        return several[at] if at < len(several) else self.sources.get((kind, name), "")


class Rendering(Struct, frozen=True):
    """The output of a target, byte for byte as the renderer printed it."""

    target: Target
    stream: bytes
    calls: Path | None = None
    """Where the shim kept the helm calls of this render (`render.sidecar.read_calls`)."""
    parts: tuple[tuple[int, str], ...] = ()
    """Of files that were joined: the line of the stream at which each begins, and its path."""

    def __repr__(self) -> str:
        return f"Rendering({self.target!r})"

    def place(self, line: int) -> tuple[str, int]:
        """Return the file of a line of the stream, and its line there: of authored files, not of a renderer's output."""
        before = [(start, path) for start, path in self.parts if start <= line]
        start, path = before[-1] if before else (1, self.target.file)
        return path, line - start + 1


class RenderFailure(Struct, frozen=True):
    """A target that did not render. A result, never silence.

    `reason` is a short name (`kustomize`, `timeout`, `memory`, `output`, `killed`, `chart-pull`, `offline`, `tool`, `unreadable`, `empty`);
    `message` the renderer's own words shortened to the cause; `details` the whole.
    """

    target: Target
    reason: str
    message: str
    location: Location
    details: str = ""
    related: tuple[Location, ...] = ()
    certainty: Certainty = Certainty.EXACT
    """How sure the location is."""
