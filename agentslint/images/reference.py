"""OCI image references: the parts of a text, with their positions in it.

The way from a short name to a registry and a path is that of https://github.com/distribution/reference (`normalize.go`), which
container runtimes and the kubelet use.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from agentslint.images.diagnosis import diagnose
from agentslint.images.grammar import DIGEST, IMAGE_ID, LONGEST_PATH, REFERENCE, TAG, names_registry

Span = tuple[int, int]

DOCKER_HUB = "docker.io"
_LEGACY_DOCKER_HUB = "index.docker.io"
_LONGEST = 4096
"""Longer than any reference can be: a host name, 255 characters of path, 128 of tag, 135 of digest."""


class InvalidReference(ValueError):  # noqa: N818 - it reads "except InvalidReference"
    """A text that is not an image reference; the message is a sentence that says why."""


class Reference(Struct, frozen=True):
    """An image reference.

    `repository` is written as in the text, with its registry; `registry` and `path` are normalised (`docker.io` and
    `library/nginx` for `nginx`). `digest` is a whole sha256 or sha512 digest or None. Spans are columns of `text`, [start, end).
    """

    text: str
    repository: str
    registry: str
    path: str
    tag: str | None
    digest: str | None
    repository_span: Span
    tag_span: Span | None
    digest_span: Span | None

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read `text` as a reference; raises InvalidReference, which says why it is none."""
        outcome = _parse(text)
        if isinstance(outcome, str):
            raise InvalidReference(outcome)
        return outcome

    @property
    def name(self) -> str:
        """The repository in full: `docker.io/library/nginx`."""
        return f"{self.registry}/{self.path}"

    @property
    def names_registry(self) -> bool:
        """Whether the text itself says which registry the image comes from."""
        return names_registry(self.repository)

    def __str__(self) -> str:
        return self.text


def read_reference(text: str) -> tuple[Reference | None, str]:
    """Read `text` without raising: the reference and "", or None and the reason."""
    outcome = _parse(text)
    return (None, outcome) if isinstance(outcome, str) else (outcome, "")


def is_digest(text: str) -> bool:
    """Tell whether `text` is one whole digest."""
    return DIGEST.fullmatch(text) is not None


def is_tag(text: str) -> bool:
    """Tell whether `text` could be a tag."""
    return TAG.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Reference | str:
    match = REFERENCE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or IMAGE_ID.fullmatch(text):
        return diagnose(text)
    registry, path = _normalise(match["repository"])
    if path is None or len(path) > LONGEST_PATH:
        return diagnose(text)
    return Reference(
        text,
        match["repository"],
        registry,
        path,
        match["tag"],
        match["digest"],
        match.span("repository"),
        match.span("tag") if match["tag"] is not None else None,
        match.span("digest") if match["digest"] is not None else None,
    )


def _normalise(repository: str) -> tuple[str, str | None]:
    """Split into registry and path; the path is None where the first component is an upper-case name and no host."""
    registry, path = DOCKER_HUB, repository
    if names_registry(repository):
        registry, _, path = repository.partition("/")
    elif repository != repository.lower():
        return registry, None
    if registry == _LEGACY_DOCKER_HUB:
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return registry, path
