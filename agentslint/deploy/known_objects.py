"""The objects of the repository that deployers' objects refer to: sources, ConfigMaps, Secrets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.paths import parent

Load = Callable[[str, str], Iterable[DeployerObject]]
"""Finds the ConfigMaps or Secrets of a name."""
DATA_KINDS = ("ConfigMap", "Secret")


def _nothing(_kind: str, _name: str) -> Iterable[DeployerObject]:
    return ()


class KnownObjects:
    """Finds objects by name. A repository may hold those of several clusters, which share names: the nearest one is meant."""

    def __init__(self, load: Load = _nothing) -> None:
        self._load = load
        self._found: dict[tuple[str, str, str], list[DeployerObject]] = {}
        self._loaded: set[tuple[str, str]] = set()
        self._loading: set[tuple[int, str, str]] = set()
        # Renders ask in threads of their own.
        self._lock = threading.RLock()

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
        if kind in DATA_KINDS:
            self._demand(kind, name)
        with self._lock:
            named = [each for each in self._found.get((group, kind, name), ()) if _fits(each.namespace, namespace)]
        return max(named, key=lambda each: (each.namespace == namespace, _nearness(each, near)), default=None)

    def alike(self, found: DeployerObject) -> list[DeployerObject]:
        """Return the other objects with the namespace and name of one, whatever their kind."""
        with self._lock:
            others = [each for (_, _, name), named in self._found.items() if name == found.name for each in named]
        return [each for each in others if each is not found and _fits(each.namespace, found.namespace)]

    def _demand(self, kind: str, name: str) -> None:
        """Load the objects of a name. A load may render, so that no other thread waits for it: two may load the same."""
        asked = threading.get_ident(), kind, name
        if (kind, name) in self._loaded or asked in self._loading:
            return
        self._loading.add(asked)
        try:
            loaded = list(self._load(kind, name))
        finally:
            self._loading.discard(asked)
        with self._lock:
            if (kind, name) not in self._loaded:
                self._loaded.add((kind, name))
                for each in loaded:
                    self.add(each)


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
