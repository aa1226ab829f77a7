"""Image uses in kinds that the table does not know, by their looks. All are marked as guessed.

Found are pod specs by their shape, `image` keys (text or an object of parts) and keys that end in `Image`. An `image` key means
many things (a logo, a disk, a machine image), so the text must look like a container image:

- a digest, or a tag, or a registry in front (`ghcr.io/acme/web`),
- two components of which the first is no folder of pictures (`acme/web`),
- the name of a well-known image (`nginx`),
- or any reference where the keys beside it are a container's (`command`, `imagePullPolicy`, a list `env`).

The parameters that an Application gives to a chart are read as the values that they make (`images/helm_parameters.py`).

Never what ends like a picture, a disk or an archive, nor hosts of code. `tests/images/corpus` holds it to real-life kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from agentslint.images.container import Container, container_uses, name_of, pod_containers
from agentslint.images.custom import image_volumes
from agentslint.images.helm_parameters import LaidValues, laid_values, text_uses
from agentslint.images.inner_documents import InnerDocument
from agentslint.images.named import is_no_image
from agentslint.images.parts import describes_image, is_image_by_itself, parts_use
from agentslint.images.reference import read_reference
from agentslint.images.scalar import FieldContext, scalar_use
from agentslint.images.search import objects
from agentslint.images.use import ImageUse, UseKind
from agentslint.model import Pointer

_IMAGE_KEY = re.compile(r"(?:[a-z0-9]I|_i|^i)mage(?:Name|Ref|Reference)?$")
_CONTAINER_KEYS = ("command", "args", "env", "envFrom", "volumeMounts", "imagePullSecrets")
_FOLDERS = frozenset(
    {
        "asset", "assets", "content", "disks", "docs", "file", "files", "icon", "icons", "image", "images", "img", "logo", "logos",
        "media", "photo", "photos", "pictures", "projects", "public", "static", "upload", "uploads",
    }
)  # fmt: skip
_WELL_KNOWN = frozenset(
    {
        "alpine", "busybox", "haproxy", "httpd", "mariadb", "memcached", "mongo", "mysql", "nginx", "postgres", "rabbitmq", "redis",
        "traefik",
    }
)  # fmt: skip


def guessed_uses(document: InnerDocument) -> Iterator[ImageUse]:
    """Yield the uses in a document of an unknown kind. A container of a pod may come again by itself; the first knows its pod."""
    around = FieldContext(document.manifest, placeholders=True, guessed=True)
    laid: list[LaidValues] = []
    for pointer, node in objects(document):
        if any(values.holds(pointer) for values in laid):
            continue
        if pointer[-1:] == ("helm",) and (values := laid_values(node, pointer)):
            laid.append(values)
            yield from values.uses(document.manifest, guessed_uses)
        if pointer[-1:] == ("helm",):
            yield from text_uses(node, pointer, document.manifest, guessed_uses)
        if is_pod_spec(node):
            yield from _pod_uses(node, pointer, around)
        yield from _object_uses(node, pointer, around)
        if pointer and pointer[-1] == "kustomize":
            yield from _overrides(node.get("images"), (*pointer, "images"), around)


def guessed_containers(document: InnerDocument) -> Iterator[Container]:
    """Yield what looks like a container in a document of an unknown kind; those of a pod may come again by themselves."""
    for pointer, node in objects(document):
        if is_pod_spec(node):
            yield from pod_containers(node, pointer)
        elif isinstance(image := node.get("image"), str) and looks_like_image(image, node):
            yield Container(pointer, node, UseKind.GUESSED)


def is_pod_spec(node: Mapping[Any, Any]) -> bool:
    """Tell by its shape whether an object is a pod spec: a list of containers, one of them with a name and an image."""
    containers = node.get("containers")
    return isinstance(containers, list) and any(
        isinstance(item, Mapping) and name_of(item) and isinstance(item.get("image"), str) for item in containers
    )


def looks_like_image(text: str, beside: Mapping[Any, Any]) -> bool:
    """Tell whether the text of an `image` key is likely to be a container image, given the object that it stands in."""
    reference, _ = read_reference(text)
    if reference is None or reference.digest:
        return reference is not None
    if is_no_image(reference):
        return False
    if reference.tag or reference.names_registry or _is_container(beside):
        return True
    components = reference.repository.split("/")
    return components[0] in _WELL_KNOWN if len(components) == 1 else len(components) == 2 and components[0] not in _FOLDERS


def _pod_uses(pod: Mapping[Any, Any], pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    for container in pod_containers(pod, pointer):
        yield from container_uses(container, around)
    yield from image_volumes(pod.get("volumes"), (*pointer, "volumes"), replace(around, pod=pointer))


def _object_uses(node: Mapping[Any, Any], pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    if not _is_image_key(pointer[-1] if pointer else "") and is_image_by_itself(node):
        use = parts_use(node, pointer, UseKind.GUESSED, around)
        if use and use.reference and not is_no_image(use.reference):
            yield use
    for key, value in node.items():
        if not _is_image_key(key):
            continue
        if describes_image(value) and (use := parts_use(value, (*pointer, key), UseKind.GUESSED, around)):
            yield use
        elif not isinstance(value, str):
            continue
        elif key == "image" and looks_like_image(value, node):
            yield from container_uses(Container(pointer, node, UseKind.GUESSED), around)
        elif key != "image" and _is_certain(value) and (use := scalar_use(value, (*pointer, key), UseKind.GUESSED, around)):
            yield use


def _overrides(images: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    """`image:tag` or `name=image:tag`, as an Application gives them to kustomize; one that only renames chooses no image.

    https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
    """
    for index, text in enumerate(images if isinstance(images, list) else ()):
        name, _, chosen = text.rpartition("=") if isinstance(text, str) else ("", "", "")
        reference, _ = read_reference(chosen)
        if reference and (reference.tag or reference.digest):
            yield around.use((*pointer, index), reference, UseKind.GUESSED, start=len(name) + 1 if name else None)


def _is_image_key(key: object) -> bool:
    return isinstance(key, str) and "mage" in key and _IMAGE_KEY.search(key) is not None


def _is_certain(text: str) -> bool:
    """Under a key such as `coverImage` or `imageName` a registry and a tag or digest are asked for."""
    reference, _ = read_reference(text)
    if reference is None or not reference.names_registry:
        return False
    return bool(reference.digest or (reference.tag and not is_no_image(reference)))


def _is_container(beside: Mapping[Any, Any]) -> bool:
    return "imagePullPolicy" in beside or any(isinstance(beside.get(key), list) for key in _CONTAINER_KEYS)
