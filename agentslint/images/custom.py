"""Image uses and containers of a kind that the table knows: one reader for each form of row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from agentslint.images.config_maps import config_uses
from agentslint.images.container import Container, container_uses, listed_containers, name_of, pod_containers
from agentslint.images.field_paths import follow
from agentslint.images.fields import ImageField
from agentslint.images.inner_documents import InnerDocument
from agentslint.images.named import whole_reference
from agentslint.images.parts import parts_use
from agentslint.images.scalar import FieldContext, scalar_use
from agentslint.images.use import ImageUse, Parts, UseKind
from agentslint.model import Pointer

FieldReader = Callable[[Any, Pointer, FieldContext], Iterator[ImageUse]]


def row_uses(document: InnerDocument, row: ImageField) -> Iterator[ImageUse]:
    """Yield the uses at the places of one row."""
    around = FieldContext(document.manifest, placeholders=document.placeholders, given=document.given)
    for container in row_containers(document, row):
        yield from container_uses(container, around)
    if read := _READERS.get(row.form):
        for pointer, value in follow(document.body, row.steps, document.pointer):
            yield from read(value, pointer, replace(around, pod=pod_pointer(document, row, pointer)))


def row_containers(document: InnerDocument, row: ImageField) -> Iterator[Container]:
    """Yield the containers at the places of one row."""
    if row.form not in ("pod-spec", "container", "containers"):
        return
    for pointer, value in follow(document.body, row.steps, document.pointer):
        pod = pod_pointer(document, row, pointer)
        if row.form == "pod-spec":
            yield from pod_containers(value, pointer)
        elif row.form == "containers":
            yield from listed_containers(value, pointer, _container_kind(row), pod)
        elif isinstance(value, Mapping):
            yield Container(pointer, value, _container_kind(row), pod)


def pod_pointer(document: InnerDocument, row: ImageField, pointer: Pointer) -> Pointer | None:
    """Where the pull secrets of the image at `pointer` stand: the row says how far down its path that is."""
    if row.form == "pod-spec":
        return pointer
    return pointer[: len(document.pointer) + len(row.pod_steps)] if row.pod else None


def _container_kind(row: ImageField) -> UseKind:
    return UseKind.INIT_CONTAINER if any(step.lower().startswith("init") for step in row.steps) else UseKind.CONTAINER


def _reference(value: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    if value is not None and (use := scalar_use(value, pointer, UseKind.CUSTOM_RESOURCE, around)):
        yield use


def _long_reference(value: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    if isinstance(value, str) and ("/" in value or "@" in value):
        yield from _reference(value, pointer, around)


def _object_reference(value: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    """OpenShift's `from`: an image of a registry only where its kind is DockerImage."""
    name = value.get("name") if isinstance(value, Mapping) and value.get("kind") == "DockerImage" else None
    if name is not None and (use := scalar_use(name, (*pointer, "name"), _source_kind(pointer), around)):
        yield use


def _source_kind(pointer: Pointer) -> UseKind:
    return UseKind.BUILD if "strategy" in pointer or "source" in pointer else UseKind.IMPORT


def _repository(value: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    if isinstance(value, str) and (use := scalar_use(value, pointer, UseKind.EVERY_TAG, around)):
        yield use


def _image_volumes(pod: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    volumes = pod.get("volumes") if isinstance(pod, Mapping) else None
    yield from image_volumes(volumes, (*pointer, "volumes"), around)


def image_volumes(volumes: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    """Yield the images that are mounted as volumes (`volumes[].image.reference`)."""
    for index, volume in enumerate(volumes if isinstance(volumes, list) else ()):
        image = volume.get("image") if isinstance(volume, Mapping) else None
        if isinstance(image, Mapping) and "reference" in image:
            where = (*pointer, index, "image", "reference")
            if use := scalar_use(image["reference"], where, UseKind.IMAGE_VOLUME, around):
                yield use


def _parts(value: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    if use := parts_use(value, pointer, UseKind.CUSTOM_RESOURCE, around):
        yield use


def _parameters(value: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        for key in ("value", "default"):
            text = entry.get(key) if isinstance(entry, Mapping) else None
            if isinstance(text, str) and (reference := whole_reference(text, name_of(entry))):
                use = around.use((*pointer, index, key), reference, UseKind.ARGUMENT, variable=name_of(entry))
                tag = None if reference.tag or reference.digest else _tag_parameter(value, pointer, name_of(entry))
                yield replace(use, parts=Parts(use.pointer[:-1], use.pointer, tag, whole=True)) if tag else use


def _tag_parameter(listed: list[Any], pointer: Pointer, image: str) -> Pointer | None:
    """Another parameter with the tag: `${IMAGE}:${IMAGE_TAG}` is put together later."""
    stem = re.sub(r"(?i)[_-]?image$", "", image)
    wanted = {f"{start}{joint}{end}".lower() for start in (image, stem) for joint in ("", "_", "-") for end in ("tag", "version", "digest")}
    names = ((index, entry.get("name")) for index, entry in enumerate(listed) if isinstance(entry, Mapping))
    return next(((*pointer, index, "name") for index, name in names if isinstance(name, str) and name.lower() in wanted), None)


_READERS: dict[str, FieldReader] = {
    "reference": _reference,
    "long-reference": _long_reference,
    "object-reference": _object_reference,
    "repository": _repository,
    "pod-spec": _image_volumes,
    "parts": _parts,
    "parameters": _parameters,
    "settings": config_uses,
}
