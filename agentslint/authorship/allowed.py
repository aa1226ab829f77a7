"""The scalars that a taint render may change: all authored ones, except those that name things.

Names, kinds, selectors and labels are what kustomize and Kubernetes match on; a change there changes the shape of the render.
"""

from __future__ import annotations

from collections.abc import Callable

from agentslint.model import Pointer

Allowed = Callable[[Pointer], bool]

_MATCHED_ON = frozenset(("selector", "matchLabels", "labels", "nodeSelector", "ownerReferences"))
_TELLING_KEYS = frozenset(
    (
        *("appversion", "digest", "image", "imagename", "imagetag", "newname", "newtag"),
        *("repo", "repository", "registry", "sha", "tag", "value", "version"),
    )
)


def anywhere(_: Pointer) -> bool:
    """Values: all of them."""
    return True


def in_manifest(pointer: Pointer) -> bool:
    """A manifest or a strategic merge patch: all values except names and those that are matched on."""
    while pointer[:1] == ("items",) and len(pointer) > 1 and isinstance(pointer[1], int):
        # What holds for a manifest holds for those in a List.
        pointer = pointer[2:]
    if pointer[:1] in (("apiVersion",), ("kind",)) or pointer[:2] in (("metadata", "name"), ("metadata", "namespace")):
        return False
    return _MATCHED_ON.isdisjoint(pointer) and (pointer[-1:] != ("name",) or _names_image(pointer))


def _names_image(pointer: Pointer) -> bool:
    """Whether a `name` is that of an image, by the key of the object that holds it: `from.name` of OpenShift, `runtimeImage.name`."""
    holder = pointer[-2] if len(pointer) > 1 else ""
    return isinstance(holder, str) and (holder == "from" or holder.lower().endswith("image"))


def in_operations(pointer: Pointer) -> bool:
    """JSON 6902: the value of an operation."""
    return "value" in pointer[1:2]


def in_kustomization(pointer: Pointer) -> bool:
    """The fields of a kustomization that hold values (kustomize 5.8, api/types/kustomization.go), patches aside."""
    match pointer:
        case ("images" | "imageTags", int(), ("newName" | "newTag" | "newSuffix" | "tagSuffix" | "digest")):
            return True
        case ("helmCharts", int(), "valuesInline", *_) | ("helmChartInflationGenerator", int(), "valuesLocal", *_):
            return True
        case ("configMapGenerator" | "secretGenerator", int(), "literals", int()):
            return True
        case ("configMapGenerator" | "secretGenerator", int(), "options", "annotations", _) | ("generatorOptions", "annotations", _):
            return True
        case ("commonAnnotations", _) | ("replacements", int(), "sourceValue") | ("replicas", int(), "count"):
            return True
    return False


def in_chart_file(pointer: Pointer) -> bool:
    """Chart.yaml: what templates print of it."""
    return pointer in (("appVersion",), ("version",))


def is_telling(key: str) -> bool:
    """Whether a plain word under this key may well be a part of an image."""
    return key.lower() in _TELLING_KEYS
