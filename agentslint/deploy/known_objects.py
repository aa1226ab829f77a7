"""The objects of the repository that deployers' objects refer to: sources, ConfigMaps, Secrets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.model.manifest import DATA_KINDS
from agentslint.paths import parent

Load = Callable[[str, str, DeployerObject], Iterable[DeployerObject]]
"""Finds the ConfigMaps or Secrets of a kind and name for the object that refers to them."""


def _nothing(_kind: str, _name: str, _near: DeployerObject) -> Iterable[DeployerObject]:
    return ()


class KnownObjects:
    """Finds objects by name. A repository may hold those of several clusters, which share names: the nearest one is meant."""

    def __init__(self, load: Load = _nothing) -> None:
        self._load = load
        self._found: dict[tuple[str, str, str], list[DeployerObject]] = {}
        # Renders ask in threads of their own.
        self._lock = threading.Lock()

    def add(self, found: DeployerObject) -> None:
        """Make an object known."""
        with self._lock:
            self._found.setdefault((found.group, found.kind, found.name), []).append(found)

    def drop(self, found: DeployerObject) -> None:
        """Forget an object that another rendering shows as it is deployed."""
        with self._lock:
            named = self._found.get((found.group, found.kind, found.name), [])
            named[:] = [each for each in named if each is not found]

    def find(self, group: str, kind: str, namespace: str, name: str, near: DeployerObject) -> DeployerObject | None:
        """Return the object of a name that is meant in another one, None where the repository has none."""
        loaded = self._load(kind, name, near) if kind in DATA_KINDS and not group else ()
        with self._lock:
            named = [each for each in (*self._found.get((group, kind, name), ()), *loaded) if _fits(each.namespace, namespace)]
        return max(named, key=lambda each: (each.namespace == namespace, _nearness(each, near)), default=None)

    def alike(self, found: DeployerObject) -> list[DeployerObject]:
        """Return the other objects with the namespace and name of one, whatever their kind."""
        with self._lock:
            others = [each for (_, _, name), named in self._found.items() if name == found.name for each in named]
        return [each for each in others if each is not found and _fits(each.namespace, found.namespace)]


def _fits(namespace: str, wanted: str) -> bool:
    """Whatever lies above an object may fill in its namespace."""
    return namespace == wanted or not namespace or not wanted


def _nearness(found: DeployerObject, near: DeployerObject) -> tuple[bool, int]:
    """Whether both come out of one render, and how many folders their files share."""
    ours, others = ({each.location.path, *each.above} for each in (near, found))
    shared = max((_shared(one, other) for one in ours for other in others), default=0)
    return bool(found.carrier) and found.carrier == near.carrier, shared


def _shared(path: str, other: str) -> int:
    count = 0
    for one, two in zip(parent(path).split("/"), parent(other).split("/"), strict=False):
        if one != two:
            break
        count += 1
    return count
