"""Images that are written as an object: `repository`, `tag`, `digest` and perhaps `registry` under keys of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.images.diagnosis import placeholder
from agentslint.images.grammar import names_registry
from agentslint.images.reference import Reference, is_digest, is_tag, read_reference
from agentslint.images.scalar import FieldContext, sort_of
from agentslint.images.use import ImageUse, Parts, UseKind
from agentslint.model import Pointer

_REPOSITORY_KEYS = ("repository", "repo", "imageRepository")
_TAG_KEYS = ("tag", "version", "imageTag", "versionTag")
_DIGEST_KEYS = ("digest", "hash", "sha")


def parts_use(value: Any, pointer: Pointer, kind: UseKind, around: FieldContext) -> ImageUse | None:
    """Compose the reference that an object describes. None where no repository is written (then the operator has its own)."""
    if not isinstance(value, Mapping) or not (repository := _repository_key(value, around.guessed)):
        return None
    tag, digest = _first(value, _TAG_KEYS), _first(value, _DIGEST_KEYS)
    if tag and not digest and is_digest(_text(value, tag)):
        tag, digest = None, tag
    text = _composed(value, repository, tag, digest)
    if around.placeholders and placeholder(text):
        return None
    reference, error = read_reference(text)
    if not around.guessed and (fault := _untyped(value, (repository, tag, digest))):
        reference, error = None, fault
    where = _places(pointer, repository, tag, digest, reference)
    kind = UseKind.GUESSED if around.guessed else kind
    return ImageUse(around.manifest, where.repository, text, reference, error, kind, around.container, around.pod, parts=where)


def describes_image(value: Any) -> bool:
    """Tell whether an object under an `image` key describes one: it names a repository and says more of it."""
    if not isinstance(value, Mapping) or not isinstance(value.get(_repository_key(value, named=True) or ""), str):
        return False
    return any(key in value for key in (*_TAG_KEYS, *_DIGEST_KEYS, "registry", "pullPolicy", "imagePullPolicy"))


def is_image_by_itself(value: Mapping[Any, Any]) -> bool:
    """Tell whether an object under any key describes an image: its repository names a registry, and a tag or version stands beside it.

    A chart and a package have a repository and a version, too.
    """
    key, tag = _repository_key(value, named=True), _first(value, _TAG_KEYS)
    if not key or not tag or "chart" in value or not is_tag(_text(value, tag)) or not names_registry(repository := _text(value, key)):
        return False
    if tag != "version" or key == "imageRepository":
        return True
    return key == "repository" and "name" not in value and "charts" not in repository.split("/")


def _places(pointer: Pointer, repository: str, tag: str | None, digest: str | None, reference: Reference | None) -> Parts:
    """Where the parts stand: a tag may be written with the repository, a digest with either (`tag: v1@sha256:...`)."""
    tag_key = tag or (repository if reference and reference.tag else None)
    digest_key = digest or (tag_key or repository if reference and reference.digest else None)
    return Parts(
        pointer,
        (*pointer, repository),
        (*pointer, tag_key) if tag_key else None,
        (*pointer, digest_key) if digest_key else None,
    )


def _repository_key(value: Mapping[Any, Any], named: bool) -> str | None:
    """The key of the repository; in a chart that writes `registry` and `image`, that is `image`; where `named`, it may be `name`."""
    if found := _first(value, _REPOSITORY_KEYS) or ("image" if value.get("registry") and value.get("image") else None):
        return found
    is_named = named and _first(value, (*_TAG_KEYS, *_DIGEST_KEYS)) and (value.get("registry") or names_registry(_text(value, "name")))
    return "name" if is_named and value.get("name") else None


def _composed(value: Mapping[Any, Any], repository_key: str, tag_key: str | None, digest_key: str | None) -> str:
    """Join the parts as the usual charts and operators do; a repository that names its registry keeps it."""
    repository, registry = _text(value, repository_key), _text(value, "registry")
    if registry and not names_registry(repository):
        repository = f"{registry}/{repository}"
    if repository_key != "image" and (name := _text(value, "image")):
        repository = f"{repository}/{name}"
    tag, digest = _text(value, tag_key), _text(value, digest_key)
    if digest and ":" not in digest:
        digest = f"sha256:{digest}"
    return repository + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _first(value: Mapping[Any, Any], keys: tuple[str, ...]) -> str | None:
    return next((key for key in keys if value.get(key) not in (None, "")), None)


def _text(value: Mapping[Any, Any], key: str | None) -> str:
    """The value of `key`; a number as it is written (`tag: 7`)."""
    found = value.get(key) if key else None
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""


def _untyped(value: Mapping[Any, Any], keys: tuple[str | None, ...]) -> str:
    faults = (f"its {key} is {sort_of(value[key])}, not text" for key in keys if key and not isinstance(value[key], str))
    return next(faults, "")
