"""Containers: their places, and the images in their image field, environment and command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.images.named import references_in, whole_reference
from agentslint.images.scalar import FieldContext, scalar_use
from agentslint.images.use import ImageUse, UseKind
from agentslint.model import Pointer

CONTAINER_LISTS = {
    "initContainers": UseKind.INIT_CONTAINER,
    "containers": UseKind.CONTAINER,
    "ephemeralContainers": UseKind.EPHEMERAL_CONTAINER,
}


class Container(Struct, frozen=True):
    """A container as it stands in a document, and the pod (or what holds the pull secrets) that it belongs to."""

    pointer: Pointer
    node: Mapping[Any, Any]
    kind: UseKind
    pod: Pointer | None = None

    @property
    def name(self) -> str:
        """The container's name, or ""."""
        return name_of(self.node)


def pod_containers(pod: Any, pointer: Pointer) -> Iterator[Container]:
    """Yield the containers of a pod spec, all three lists."""
    if isinstance(pod, Mapping):
        for key, kind in CONTAINER_LISTS.items():
            yield from listed_containers(pod.get(key), (*pointer, key), kind, pointer)


def listed_containers(nodes: Any, pointer: Pointer, kind: UseKind, pod: Pointer | None) -> Iterator[Container]:
    """Yield the containers of a list."""
    for index, node in enumerate(nodes if isinstance(nodes, list) else ()):
        if isinstance(node, Mapping):
            yield Container((*pointer, index), node, kind, pod)


def container_uses(container: Container, around: FieldContext) -> Iterator[ImageUse]:
    """Yield a container's image, then the whole references in its environment and its command line."""
    around = around.inside(container.name, container.pod)
    image = (*container.pointer, "image")
    if "image" in container.node and (use := scalar_use(container.node["image"], image, container.kind, around)):
        yield use
    yield from _environment_uses(container, around)
    yield from _argument_uses(container, around)


def environment(container: Container) -> Iterator[tuple[Pointer, str, str]]:
    """Yield pointer, name and value of the variables that are written out."""
    entries = container.node.get("env")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping) and isinstance(value := entry.get("value"), str):
            yield (*container.pointer, "env", index, "value"), name_of(entry), value


def arguments(container: Container) -> Iterator[tuple[Pointer, str, str]]:
    """Yield the command line's items: pointer, the flag that stands alone before it (without dashes), text."""
    for key in ("command", "args"):
        items = container.node.get(key)
        flag = ""
        for index, item in enumerate(items if isinstance(items, list) else ()):
            text = item if isinstance(item, str) else ""
            yield (*container.pointer, key, index), flag, text
            flag = text.lstrip("-") if text.startswith("-") and "=" not in text and len(text) < 80 else ""


def name_of(node: Mapping[Any, Any]) -> str:
    """The node's `name`, or ""."""
    name = node.get("name")
    return name if isinstance(name, str) else ""


def _environment_uses(container: Container, around: FieldContext) -> Iterator[ImageUse]:
    for pointer, name, value in environment(container):
        if reference := whole_reference(value, name):
            yield around.use(pointer, reference, UseKind.ENVIRONMENT, variable=name)


def _argument_uses(container: Container, around: FieldContext) -> Iterator[ImageUse]:
    for pointer, flag, text in arguments(container):
        for start, reference, given_to in references_in(text, flag):
            column = None if reference.text == text else start
            yield around.use(pointer, reference, UseKind.ARGUMENT, variable=given_to, start=column)
