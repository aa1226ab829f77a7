"""Claims: values that repeat a digest, a git SHA or a tag beside an image, and can therefore disagree with it.

Taken are whole values that can be nothing else: a digest with its algorithm, 40 hex characters; and where the name says what it
is, an abbreviated SHA (`GIT_SHA`, `commit`), a tag (`IMAGE_TAG`), or a tag or version of the container's own
(`WEB_VERSION`) or of one beside it (`PROXY_VERSION`). `APP_VERSION`, `VERSION` and `TAG` name nothing: they count where the image
is that of the workload, not beside a tool or a sidecar. Never values whose name suggests a secret or a checksum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from agentslint.images.builtin import builtin_fields
from agentslint.images.container import Container, arguments, environment
from agentslint.images.fields import ImageFields
from agentslint.images.inner_documents import InnerDocument, documents
from agentslint.images.pods import document_containers, document_pods
from agentslint.images.reference import is_digest, is_tag, read_reference
from agentslint.images.revision import git_sha, is_short_sha, is_whole_sha
from agentslint.images.use import Claim
from agentslint.model import Manifest, Pointer

ClaimKind = Literal["digest", "sha", "tag"]

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SHA_WORDS = frozenset({"sha", "gitsha", "commit", "revision", "rev", "githash"})
_IMAGE_WORDS = frozenset({"image", "container", "docker"})
_VERSION = re.compile(r"v?\d+\.\d+(?:\.\d+)*(?:[-.+]\w[\w.-]*)?", re.ASCII)
_OTHER_VERSIONS = frozenset({"api", "schema", "protocol", "config", "min", "minimum", "max", "database", "db", "tls", "k8s", "kubernetes"})
"""`API_VERSION` and `MIN_VERSION` describe no image."""
_ANY_WORDS = frozenset(
    {
        "app", "build", "container", "current", "dd", "docker", "git", "image", "my", "own", "release", "self", "service", "source", "tag",
        "version",
    }
)  # fmt: skip
"""Words that any container may use of itself; `DD_VERSION` is Datadog's name for it (unified service tagging)."""
_PRIVATE_WORDS = frozenset({"secret", "token", "password", "passwd", "key", "apikey", "credential", "credentials", "checksum", "salt"})


def claims(manifest: Manifest, fields: ImageFields | None = None) -> list[Claim]:
    """Return the claims of a manifest's containers (environment, command line) and of its and its pods' annotations.

    `fields` is the built-in table unless given.
    """
    found: dict[tuple[Pointer, int | None], Claim] = {}
    for document in documents(manifest, fields or builtin_fields()):
        for claim in _document_claims(document):
            found.setdefault((claim.pointer, claim.start), claim)
    return list(found.values())


class _Described(Struct, frozen=True):
    """The container that a name is about: its name, the words around it, its own words, and whether its image is the workload's own."""

    container: str = ""
    around: str = ""
    names: frozenset[str] = frozenset()
    is_own: bool = True


_ANYTHING = _Described()


def claim_kind(name: str, text: str, of: _Described = _ANYTHING) -> ClaimKind | None:
    """Say what a value of this name claims, or None."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not _PRIVATE_WORDS.isdisjoint(words):
        return None
    if is_digest(text):
        return "digest"
    if is_whole_sha(text) or (not _SHA_WORDS.isdisjoint(words) and is_short_sha(text)):
        return "sha"
    names_tag = words[-1:] == ["tag"] and ((len(words) == 1 and of.is_own) or not _IMAGE_WORDS.isdisjoint(words))
    return "tag" if is_tag(text) and (names_tag or _repeats_version(words, text, of)) else None


def _repeats_version(words: Sequence[str], text: str, of: _Described) -> bool:
    """Whether `WEB_TAG` describes the image of its container: it names that, or nothing at all where the image is the workload's own."""
    is_version = _VERSION.fullmatch(text) is not None or git_sha(text) is not None
    is_one = words[-1:] == ["tag"] or (words[-1:] == ["version"] and is_version)
    known = {word.lower() for word in _WORDS.findall(of.around)} | _ANY_WORDS
    is_named = of.is_own or not _ANY_WORDS.issuperset(words) or not of.names.isdisjoint(words[:-1])
    known_alone = known.issuperset(words) and _OTHER_VERSIONS.isdisjoint(words)
    return is_one and bool(of.around) and is_named and any(map(str.isdigit, text)) and known_alone


def _document_claims(document: InnerDocument) -> Iterator[Claim]:
    if any(row.form == "settings" for row in document.rows):
        return
    pods = [spec.pointer for spec in document_pods(document)]
    containers = list(document_containers(document))
    for container in containers:
        beside = [each for each in containers if each.pod == container.pod is not None and each.pointer != container.pointer]
        yield from _container_claims(document.manifest, container, beside)
    for pod in pods:
        mine = [each for each in containers if each.pod == pod]
        yield from _annotation_claims(document.manifest, (*pod[:-1], "metadata", "annotations"), pod, mine)
    only = pods[0] if len(pods) == 1 else None
    mine = [each for each in containers if only is not None and each.pod == only]
    yield from _annotation_claims(document.manifest, (*document.pointer, "metadata", "annotations"), only, mine)


def _container_claims(manifest: Manifest, container: Container, beside: Sequence[Container]) -> Iterator[Claim]:
    for pointer, name, value in environment(container):
        of = _described(name, container, beside, manifest)
        if kind := claim_kind(name, value, of):
            yield Claim(manifest, pointer, name, kind, value, of.container, container.pod)
    for pointer, flag, text in arguments(container):
        name, start = _flag_and_start(text, flag)
        of = _described(name, container, beside, manifest)
        kind = claim_kind(name, text[start or 0 :], of)
        if kind and not (kind == "tag" and _is_passed_on(name, text)):
            yield Claim(manifest, pointer, name, kind, text[start or 0 :], of.container, container.pod, start)


def _is_passed_on(name: str, text: str) -> bool:
    """Whether an argument gives a tag to something else: `helm upgrade --version v1.2.3 --set image.tag=v1.2.3`."""
    return name in ("version", "tag") or ("." in name and not text.startswith("-"))


def _described(name: str, container: Container, beside: Sequence[Container], manifest: Manifest) -> _Described:
    """Return the container that a name is about: its own, or the one beside it that `PROXY_VERSION` names."""
    words = [word.lower() for word in _WORDS.findall(name)]
    around = f"{container.name} {container.node.get('image')} {manifest.name}"
    is_own = _is_workloads(container, manifest) and not any(_is_workloads(each, manifest) for each in beside)
    own = _Described(container.name, around, _names(container), is_own)
    stem = frozenset(words[:-1])
    if words[-1:] not in (["version"], ["tag"]) or not _IMAGE_WORDS.isdisjoint(stem) or stem <= _ANY_WORDS | _names(container):
        return own
    named = [each for each in beside if stem == frozenset(_WORDS.findall(each.name.lower()))]
    named = named or [each for each in beside if stem <= _names(each)]
    if len(named) != 1:
        return own
    return _Described(named[0].name, f"{named[0].name} {named[0].node.get('image')}", _names(named[0]))


def _is_workloads(container: Container, manifest: Manifest) -> bool:
    """Whether an image is called like the workload. Official images (`nginx`) serve programs of any version."""
    image, _ = read_reference(str(container.node.get("image")))
    if image is None or image.path.rpartition("/")[0] in ("", "library"):
        return False
    words = frozenset(word.lower() for word in _WORDS.findall(image.path.rpartition("/")[2]))
    return bool(words) and words <= frozenset(word.lower() for word in _WORDS.findall(manifest.name))


def _names(container: Container) -> frozenset[str]:
    """The words in the names of a container and of its image, without registry, namespace and tag."""
    image, _ = read_reference(str(container.node.get("image")))
    path = image.path.rpartition("/")[2] if image else ""
    return frozenset(word.lower() for word in _WORDS.findall(f"{container.name} {path}"))


def _annotation_claims(manifest: Manifest, pointer: Pointer, pod: Pointer | None, containers: Sequence[Container]) -> Iterator[Claim]:
    """The annotations of a pod, or of what makes it: a whole reference is one to the container that runs its repository."""
    annotations: Any = manifest.at(pointer)
    for name, text in annotations.items() if isinstance(annotations, Mapping) else ():
        if not (isinstance(name, str) and isinstance(text, str)):
            continue
        local = name.rpartition("/")[2]
        of = _described(local, containers[0], (), manifest) if len(containers) == 1 else _ANYTHING
        kind = claim_kind(name, text)
        if kind is None and claim_kind(local, text, of) == "tag" and _PRIVATE_WORDS.isdisjoint(_WORDS.findall(name.lower())):
            kind = "tag"
        if kind:
            yield Claim(manifest, (*pointer, name), name, kind, text, of.container if kind == "tag" else "", pod)
        elif _IMAGE_WORDS.intersection(_WORDS.findall(local.lower())):
            yield from _whole_reference(manifest, (*pointer, name), text, pod, containers)


def _whole_reference(
    manifest: Manifest, pointer: Pointer, text: str, pod: Pointer | None, containers: Sequence[Container]
) -> Iterator[Claim]:
    """The tag of a whole image in an annotation, of the repository that a container runs."""
    image, _ = read_reference(text)
    running = ((each, read_reference(str(each.node.get("image")))[0]) for each in containers)
    for container, theirs in running:
        if image and image.tag and image.tag_span and theirs and theirs.repository == image.repository:
            yield Claim(manifest, pointer, str(pointer[-1]), "tag", image.tag, container.name, pod, image.tag_span[0])
            return


def _flag_and_start(text: str, flag: str) -> tuple[str, int | None]:
    """Split `--digest=sha256:...` into its name and the column of its value; a value alone belongs to the flag before it."""
    name, equals, _ = text.partition("=")
    return (name.lstrip("-"), len(name) + 1) if equals else (flag, None)
