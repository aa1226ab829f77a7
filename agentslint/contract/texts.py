"""A manifest's texts by place, with list items by their names: what comes and goes must not move the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.model import Manifest, Pointer, dotted

_MATCHED_ON = frozenset({"labels", "matchLabels", "selector"})
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def texts(manifest: Manifest) -> dict[Pointer, str]:
    """Return every text of a manifest but labels and selectors; the names of all pull secrets of a pod are one text."""
    return dict(_walk(manifest.body, ()))


def shown(place: Pointer) -> str:
    """Say where a text stands, as short as people would: `container agents`, `variable AGENTS_IMAGE`, `imagePullSecrets`."""
    container = container_of(place)
    rest = place[len(container) :]
    owner = str(container[-1])[1:-1] if container else ""
    match rest:
        case ("image",) if owner:
            return f"container {owner}"
        case ("env", str() as variable, "value"):
            return f"variable {variable[1:-1]} of container {owner}"
        case _:
            words = re.sub(r"\.\[", "[", dotted(rest))
            return f"{words} of container {owner}" if owner else words.rpartition("spec.")[2] or words


def container_of(place: Pointer) -> Pointer:
    """Return the part of a place that leads to its container; nothing where it is in none."""
    for number, step in enumerate(place[:-1]):
        if step in _CONTAINERS and isinstance(place[number + 1], str):
            return place[: number + 2]
    return ()


def _walk(node: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(node, Mapping):
        for key, item in node.items():
            if key in _MATCHED_ON:
                continue
            if key == "imagePullSecrets" and isinstance(item, list):
                yield (*pointer, key), ",".join(_secret(each) for each in item)
            else:
                yield from _walk(item, (*pointer, str(key)))
    elif isinstance(node, list):
        for number, item in enumerate(node):
            name = item.get("name") if isinstance(item, Mapping) else None
            yield from _walk(item, (*pointer, f"[{name}]" if isinstance(name, str) else number))
    elif isinstance(node, str):
        yield pointer, node


def _secret(entry: Any) -> str:
    return str(entry.get("name")) if isinstance(entry, Mapping) else str(entry)
