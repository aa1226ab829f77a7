"""Image uses, claims, pod specs and omissions, each with its place in a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar, Literal

from msgspec import Struct

from agentslint.images.diagnosis import faulty_part
from agentslint.images.reference import Reference, Span
from agentslint.model import Field, Manifest, Pointer, dotted
from agentslint.record import Record


class UseKind(str, Enum):
    """How a manifest names an image."""

    CONTAINER = "container"
    INIT_CONTAINER = "init-container"
    EPHEMERAL_CONTAINER = "ephemeral-container"
    IMAGE_VOLUME = "image-volume"
    CUSTOM_RESOURCE = "custom-resource"
    GUESSED = "guessed"
    CONFIGURATION = "configuration"
    IMPORT = "import"
    EVERY_TAG = "every-tag"
    BUILD = "build"
    ENVIRONMENT = "environment"
    ARGUMENT = "argument"


_PULLED = frozenset({UseKind.CONTAINER, UseKind.INIT_CONTAINER, UseKind.EPHEMERAL_CONTAINER, UseKind.IMAGE_VOLUME})
_VERBS = {
    UseKind.ENVIRONMENT: "names",
    UseKind.ARGUMENT: "names",
    UseKind.GUESSED: "names",
    UseKind.CONFIGURATION: "names",
    UseKind.IMAGE_VOLUME: "mounts",
    UseKind.IMPORT: "imports",
    UseKind.EVERY_TAG: "imports",
    UseKind.BUILD: "builds on",
}
_CONTAINERS = {UseKind.INIT_CONTAINER: "init container", UseKind.EPHEMERAL_CONTAINER: "ephemeral container"}


def container_title(kind: UseKind, name: str) -> str:
    """Name a container in messages: `init container migrate`."""
    return f"{_CONTAINERS.get(kind, 'container')} {name}"


class Parts(Struct, frozen=True):
    """Where the parts of an image stand that is written as an object: repository, tag and digest under keys of their own.

    `whole` says that the repository's scalar could hold tag and digest, too: what is missing is missing there.
    """

    owner: Pointer
    repository: Pointer
    tag: Pointer | None = None
    digest: Pointer | None = None
    whole: bool = False


class ImageUse(Struct, frozen=True):
    """One place where a manifest names an image.

    `pointer` leads to the scalar that names it (the repository's, where the image is written in `parts`), `text` is the
    reference as written (composed of its parts where it has some). `reference` is None and `error` says why where the text
    is no reference; without an error it is a placeholder, and `filled_by` says who writes over it. `pod` leads to the pod
    spec (or to what holds its pull secrets), `variable` names the environment variable or flag. `start` is the column at
    which the reference begins in a longer argument.
    """

    manifest: Manifest
    pointer: Pointer
    text: str
    reference: Reference | None
    error: str
    kind: UseKind
    container: str = ""
    pod: Pointer | None = None
    variable: str = ""
    start: int | None = None
    parts: Parts | None = None
    filled_by: str = ""

    @property
    def pulled(self) -> bool:
        """Whether the kubelet pulls it for a pod that the manifest describes."""
        return self.kind in _PULLED

    @property
    def verb(self) -> str:
        """What the owner does with the image, for messages: a container runs it, a variable only names it."""
        return _VERBS.get(self.kind, "runs")

    @property
    def owner(self) -> str:
        """The name of its user in messages: `Deployment/web (container app)`."""
        if self.kind in (UseKind.ENVIRONMENT, UseKind.ARGUMENT, UseKind.CONFIGURATION):
            name = self.variable or dotted(self.pointer)
        elif self.container:
            name = container_title(self.kind, self.container)
        else:
            name = dotted(self.pointer)
        return f"{self.manifest.resource} ({name})"

    @property
    def field(self) -> Field:
        """The whole scalar."""
        return Field(self.manifest, self.pointer)

    @property
    def faulty_field(self) -> Field:
        """The part of a text that keeps it from being a reference, as far as it is one; else the whole scalar."""
        span = faulty_part(self.text) if self.error and self.parts is None else None
        start = self.start or 0
        return Field(self.manifest, self.pointer, (start + span[0], start + span[1])) if span else self.field

    @property
    def repository_field(self) -> Field:
        """The repository, as far as it could be read; else the whole scalar."""
        span = self.reference.repository_span if self.reference else None
        return self._part("", self.parts.repository if self.parts else None, span)

    @property
    def tag_field(self) -> Field:
        """The tag, or the place where it is missing."""
        span = self.reference.tag_span if self.reference else None
        return self._part("tag", self.parts.tag if self.parts else None, span)

    @property
    def version_field(self) -> Field:
        """The place that tells which version it is: the tag, or the digest where there is no tag."""
        by_digest = self.reference is not None and self.reference.digest and not self.reference.tag
        return self.digest_field if by_digest else self.tag_field

    @property
    def digest_field(self) -> Field:
        """The digest, or the place where it is missing."""
        span = self.reference.digest_span if self.reference else None
        return self._part("digest", self.parts.digest if self.parts else None, span)

    def _part(self, missing: str, own: Pointer | None, span: Span | None) -> Field:
        if own is not None:
            return Field(self.manifest, own)
        if self.parts is not None:
            return Field(self.manifest, self.parts.repository if self.parts.whole else self.parts.owner, missing=missing)
        start = self.start or 0
        if span is not None:
            return Field(self.manifest, self.pointer, (start + span[0], start + span[1]))
        whole = None if self.start is None else (start, start + self._length)
        return Field(self.manifest, self.pointer, whole, missing)

    @property
    def _length(self) -> int:
        """How long the reference is in a longer text: only the repository, where the other parts stand elsewhere in it."""
        scalar = self.manifest.at(self.pointer)
        together = not self.reference or not isinstance(scalar, str) or scalar.startswith(self.text, self.start or 0)
        return len(self.text) if together or not self.reference else self.reference.repository_span[1]


class Claim(Struct, frozen=True):
    """An environment variable, argument or annotation that repeats a digest, a git SHA or a tag, and is no whole reference.

    `name` is the variable's, the flag's or the annotation's; `pod` leads to the pod spec that it belongs to, if to one.
    """

    manifest: Manifest
    pointer: Pointer
    name: str
    kind: Literal["digest", "sha", "tag"]
    text: str
    container: str = ""
    pod: Pointer | None = None
    start: int | None = None

    @property
    def field(self) -> Field:
        """The claim's own text: the whole scalar, or its columns in a longer argument."""
        span = None if self.start is None else (self.start, self.start + len(self.text))
        return Field(self.manifest, self.pointer, span)


class PodSpec(Record, frozen=True):
    """A pod spec, or the part of a custom resource that its operator makes one of (it holds the pull secrets).

    `guessed` says that nothing but its shape tells that it is one.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("spec",))

    manifest: Manifest
    pointer: Pointer
    spec: Mapping[str, Any]
    guessed: bool = False


class Omission(Struct, frozen=True):
    """A custom resource that leaves the choice of an image to its operator.

    `pointer` leads to the object in which `key` is not set; `chooser` tells who chooses the image, `source` where that is documented.
    """

    manifest: Manifest
    pointer: Pointer
    key: str
    chooser: str
    source: str = ""

    @property
    def field(self) -> Field:
        """The place where the image is missing."""
        return Field(self.manifest, self.pointer, missing=self.key)

    @property
    def path(self) -> str:
        """The field that is not set: `spec.imageName`."""
        return dotted((*self.pointer, self.key))
