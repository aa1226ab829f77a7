"""The schemas of built-in kinds that the package kubernetes-validate brings: a folder for each minor version of Kubernetes."""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.util import find_spec

_FOLDER = re.compile(r"v(\d+)\.(\d+)\.\d+-local-strict")
KubeRelease = tuple[int, int]
_BUILT_IN_GROUPS = frozenset(
    f"{name}.k8s.io"
    for name in (
        *("admissionregistration", "apiextensions", "apiregistration", "authentication", "authorization", "certificates"),
        *("coordination", "discovery", "events", "flowcontrol.apiserver", "internal.apiserver", "networking", "node"),
        *("rbac.authorization", "resource", "scheduling", "storage", "storagemigration"),
    )
)


@cache
def releases() -> dict[KubeRelease, str]:
    """The folders by release of Kubernetes; none where the package is not installed."""
    found = find_spec("kubernetes_validate")
    folder = os.path.join(os.path.dirname(found.origin), "kubernetes-json-schema") if found and found.origin else ""
    names = os.listdir(folder) if folder and os.path.isdir(folder) else []
    matches = (match for name in sorted(names) if (match := _FOLDER.fullmatch(name)))
    return {(int(match[1]), int(match[2])): os.path.join(folder, match[0]) for match in matches}


def nearest(wanted: KubeRelease | None, known: list[KubeRelease]) -> KubeRelease | None:
    """Return the release itself, else the nearest one below, else the lowest; without a wish the latest."""
    below = [each for each in known if wanted is None or each <= wanted]
    return max(below, default=min(known, default=None))


def release(version: str) -> KubeRelease | None:
    """Read `1.31`, `v1.31.2` or the like; None for anything else."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else None


def names(folder: str) -> frozenset[str]:
    """The files of a folder of the package."""
    return frozenset(os.listdir(folder))


def is_custom(group: str) -> bool:
    """Tell whether kinds of a group come from definitions; some of those with `.k8s.io` do, too."""
    return "." in group and group not in _BUILT_IN_GROUPS
