"""Source references: which revision of which repository a target takes from elsewhere, and where that is written.

Remote bases and components of kustomizations, charts of `helmCharts`, and the sources of Argo CD's Applications and ApplicationSets
(https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from agentslint.authorship.lines import chart_entry, line_region
from agentslint.discover.remote import read_repository, repository_name
from agentslint.images.reference import Reference, read_reference
from agentslint.images.revision import git_sha, is_short_sha, same_sha
from agentslint.model import Field, HelmChartEntry, Location, Manifest, Place, Pointer, Region, RemoteReference, Target

_APPLICATIONS = ("Application", "ApplicationSet")
_ARGO = "argoproj.io"
_FILE = re.compile(r"\.(?:ya?ml|json)(?:\?|$)", re.I)
_VERSION = re.compile(r"[vV]?\d+(?:\.|$)|.*[*^~<>=]")


class SourceKind(str, Enum):
    """The kind of reference to a repository."""

    BASE = "base"
    CHART = "chart"
    APPLICATION = "application"


class SourceReference(Struct, frozen=True):
    """One repository (`host/owner/name`, or a chart repository with the chart's name) at a revision.

    `revision` is as written, and empty where none is; `place` is where it stands, or where it is missing.
    """

    target: Target
    kind: SourceKind
    repository: str
    revision: str
    place: Place
    chart: str = ""

    @property
    def name(self) -> str:
        """The repository's last name, by which its images are often called, too."""
        return self.repository.rpartition("/")[2]

    @property
    def sha(self) -> str | None:
        """The git SHA that the revision is or, as charts' versions do, carries."""
        revision = self.revision.lower()
        return revision if is_short_sha(revision) and not self.chart else git_sha(self.revision)

    @property
    def is_version(self) -> bool:
        """Whether the revision reads like a version, and not like a branch."""
        return bool(self.chart) or _VERSION.match(self.revision) is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names that globs are matched with: for a chart also its repository."""
        return (self.repository, self.repository.removesuffix(f"/{self.chart}")) if self.chart else (self.repository,)

    @property
    def scope(self) -> tuple[str, int]:
        """Its file: a kustomization's path, or the number of a manifest."""
        if isinstance(self.place, Field):
            return "", self.place.manifest.index
        return self.place.path, 0

    @property
    def title(self) -> str:
        """Its name in messages: `the base github.com/acme/agents`."""
        if isinstance(self.place, Field):
            return f"the source {self.repository} of {self.place.manifest.resource}"
        return f"the {self.kind.value} {self.repository}"


class PinnedImage(Struct, frozen=True):
    """An image as the `images` of a target's kustomizations have it: what stands for its uses where the target does not render."""

    target: Target
    reference: Reference
    place: Location


class UnrenderedTarget:
    """A target that did not render: what its kustomizations say all the same."""

    def __init__(self, target: Target) -> None:
        self.target = target

    @cached_property
    def sources(self) -> tuple[SourceReference, ...]:
        """Its references to other repositories, with their revisions."""
        return tuple(authored_sources(self.target))

    @cached_property
    def pins(self) -> tuple[PinnedImage, ...]:
        """The images that its kustomizations set."""
        return tuple(pinned_images(self.target))


class Image(Protocol):
    """An image use, or a pin that stands for it."""

    @property
    def reference(self) -> Reference | None:
        """The image, as far as it could be read."""


AnyImage = TypeVar("AnyImage", bound=Image)


def authored_sources(target: Target) -> Iterator[SourceReference]:
    """Yield the repositories that the kustomizations of a target include; known without a render."""
    yield from (source for remote in target.closure.remotes if (source := _base(target, remote)))
    yield from (_chart(target, entry) for entry in target.closure.charts if entry.repo)


def rendered_sources(manifest: Manifest) -> Iterator[SourceReference]:
    """Yield the sources of an Application or ApplicationSet; none of other manifests, nor those that a generator fills in."""
    if manifest.group != _ARGO or manifest.kind not in _APPLICATIONS:
        return
    spec: Pointer = ("spec",) if manifest.kind == "Application" else ("spec", "template", "spec")
    sources = manifest.at((*spec, "sources"))
    numbers = range(len(sources)) if isinstance(sources, list) else ()
    single = ((*spec, "source"), (*spec, "sourceHydrator", "drySource"))
    for pointer in (*single, *((*spec, "sources", number) for number in numbers)):
        source = manifest.at(pointer)
        if isinstance(source, Mapping) and (found := _application(manifest, pointer, source)):
            yield found


def pinned_images(target: Target) -> Iterator[PinnedImage]:
    """Yield the images that the kustomizations of a target set; known without a render."""
    for pin in target.closure.pins:
        tag, digest = pin.tag and f":{pin.tag}", pin.digest and f"@{pin.digest}"
        reference, _ = read_reference(f"{pin.repository}{tag}{digest}")
        if reference:
            place = Location(pin.kustomization, pin.region, "", ("images", pin.repository, "newTag" if pin.tag else "digest"))
            yield PinnedImage(target, reference, place)


def of_one_repository(
    sources: Iterable[SourceReference], images: Sequence[AnyImage]
) -> Iterator[tuple[tuple[SourceReference, ...], tuple[AnyImage, ...]]]:
    """Yield the sources of one repository that one file takes in, with the images of its name; both as far as they carry git SHAs.

    An image that is at the revision of one file's sources is no matter of another file, which may hold the same for another
    environment.
    """
    found: dict[str, dict[tuple[str, int], list[SourceReference]]] = {}
    for source in sources:
        if source.sha:
            found.setdefault(source.repository, {}).setdefault(source.scope, []).append(source)
    for repository, by_file in found.items():
        alike = [image for image in images if _is_called(image, repository.rpartition("/")[2])]
        settled = {id(image) for image in alike if any(_agrees(image, here) for here in by_file.values())}
        for here in by_file.values():
            if members := tuple(image for image in alike if id(image) not in settled or _agrees(image, here)):
                yield tuple(here), members


def _is_called(image: Image, name: str) -> bool:
    """Tell whether an image has this name, and is tagged with a git SHA."""
    reference = image.reference
    return bool(reference and reference.repository.rpartition("/")[2] == name and reference.tag and git_sha(reference.tag))


def _agrees(image: Image, sources: Iterable[SourceReference]) -> bool:
    sha = git_sha(image.reference.tag) if image.reference and image.reference.tag else None
    return bool(sha) and any(source.sha and same_sha(sha or "", source.sha) for source in sources)


def _base(target: Target, remote: RemoteReference) -> SourceReference | None:
    """A file that kustomize gets by HTTP is of no repository, as far as its URL tells."""
    found = None if _FILE.search(remote.url) else read_repository(remote.url)
    if found is None:
        return None
    where = _part(remote.region, remote.url, found.span) or line_region(target.root, remote.kustomization, remote.line)
    key = ("resources", f"{found.name}//{found.folder}")
    return SourceReference(target, SourceKind.BASE, found.name, found.revision, Location(remote.kustomization, where, "", key))


def _chart(target: Target, entry: HelmChartEntry) -> SourceReference:
    where = entry.version_region or chart_entry(entry, target.root).region
    here = Location(entry.kustomization, where, "", ("helmCharts", entry.name, entry.release, "version"))
    place = entry.version_at if isinstance(entry.version_at, (Field, Location)) else here
    return SourceReference(target, SourceKind.CHART, f"{repository_name(entry.repo)}/{entry.name}", entry.version, place, entry.name)


def _application(manifest: Manifest, pointer: Pointer, source: Mapping[str, Any]) -> SourceReference | None:
    url, revision, chart = (_text(source.get(key)) for key in ("repoURL", "targetRevision", "chart"))
    if not url or "{{" in url + revision + chart:
        return None
    repository = f"{repository_name(url)}/{chart}" if chart else repository_name(url)
    place = Field(manifest, (*pointer, "targetRevision")) if revision else Field(manifest, pointer, missing="targetRevision")
    return SourceReference(manifest.target, SourceKind.APPLICATION, repository, revision, place, chart)


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) else ""


def _part(region: Region | None, text: str, span: tuple[int, int] | None) -> Region | None:
    """Narrow a scalar's region to a part of its text, where it stands on one line as it is."""
    if region is None or span is None or region.start_line != region.end_line or region.end_column - region.start_column != len(text):
        return region
    return Region(region.start_line, region.start_column + span[0], region.end_line, region.start_column + span[1])
