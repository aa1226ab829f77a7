"""The ConfigMaps and Secrets that deployers' objects refer to, as what delivers them renders them.

A Kustomization of Flux may patch a ConfigMap, fill in its variables, or give it another name and namespace. So it is read from the
rendering of each source that takes its file, and from a bare target or the file itself only where nothing takes it, or that fails.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.listed import ListedSource
from agentslint.engine.deployer_node import DeployerNode, takes
from agentslint.engine.deployer_objects import ObjectReader
from agentslint.model import Target

_NAMES = re.compile(rb"name(?:Prefix|Suffix)[\"']?\s*:\s*[\"']?([\w.-]+)")
_MOST_SETTLINGS, _MOST_IN_ALL = 4, 200
"""So often an object is read with other data, and all of them are once more; if data change even then, they decide over themselves."""


class DeliveredData(Struct):
    """Finds ConfigMaps and Secrets by name, for objects among the `nodes`, a list that grows while it is read."""

    reader: ObjectReader
    nodes: list[DeployerNode]
    is_open: bool = False
    """Whether anything is looked for yet; before that, only the questions are noted."""
    _asked: dict[int, dict[tuple[str, str], None]] = {}
    """Kind and name of what each object refers to, by its id."""
    _without: dict[int, list[DeployerNode]] = {}
    """The nodes that decide over the object themselves, by its id."""
    _answers: dict[tuple[int, str, str], list[DeployerObject]] = {}
    _delivering: dict[tuple[str, str], list[tuple[DeployerNode, ListedSource]]] = {}
    _known_affixes: dict[int, tuple[Target, tuple[str, ...]]] = {}
    _of_targets: dict[int, tuple[Target, list[DeployerObject] | None]] = {}
    _settled_again: int = 0
    _own: dict[int, DeployerNode] = {}
    """The nodes by the ids of their objects."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, kind: str, name: str, near: DeployerObject) -> Sequence[DeployerObject]:
        """Return the objects of a name; renders ask in threads of their own, where everything is known already but for new names."""
        key = id(near), kind, name
        with self._lock:
            known = self._answers.get(key)
            self._asked.setdefault(id(near), {})[kind, name] = None
        if known is None and not self.is_open:
            return ()
        if known is None:
            # A load may render, so that no other thread waits for it: two may load the same.
            known = self._loaded(kind, name, near)
            with self._lock:
                known = self._answers.setdefault(key, known)
        return known

    def is_due(self, node: DeployerNode) -> bool:
        """Tell whether the rows of a node have to be listed with data: for the first time, or with other ones than before."""
        if not node.is_left or id(node.found) not in self._asked:
            return False
        if node.settled_with is None:
            return True
        if self.is_unsettled(node):
            return False
        now = self._targets(node)
        return len(now) != len(node.settled_with) or any(one is not two for one, two in zip(now, node.settled_with, strict=True))

    def is_unsettled(self, node: DeployerNode) -> bool:
        """Tell whether the data of a node come out of what they decide, so that they change without an end."""
        return node.times_settled >= _MOST_SETTLINGS or (node.times_settled > 1 and self._settled_again >= _MOST_IN_ALL)

    def deliverers(self, node: DeployerNode) -> list[DeployerNode]:
        """Return the nodes that deliver what a node refers to, each once."""
        wanted = list(self._asked.get(id(node.found), ()))
        found = (each for kind, name in wanted for each, _ in self._delivered(kind, name, node.found))
        return list({id(each): each for each in found}.values())

    def leave_out(self, node: DeployerNode, other: DeployerNode) -> None:
        """Take from files what `other` delivers to a node: it is decided by the node, or its turn has not come."""
        self._without.setdefault(id(node.found), []).append(other)

    def begin(self, node: DeployerNode) -> None:
        """Forget what a node was listed with."""
        for key in [key for key in self._answers if key[0] == id(node.found)]:
            del self._answers[key]

    def end(self, node: DeployerNode) -> None:
        """Note the targets that a node was listed with."""
        node.settled_with = self._targets(node)
        node.times_settled += 1
        self._settled_again += node.times_settled > 1

    def changed(self) -> None:
        """Forget who delivers what: rows were listed or dropped."""
        self._delivering.clear()

    def _targets(self, node: DeployerNode) -> list[Target]:
        wanted = list(self._asked.get(id(node.found), ()))
        rows = (row for kind, name in wanted for row in self._rows(kind, name, node.found))
        return list({id(row.target): row.target for row in rows if row.target}.values())

    def _rows(self, kind: str, name: str, near: DeployerObject) -> list[ListedSource]:
        left_out = self._without.get(id(near), ())
        if len(self._own) < len(self.nodes):
            self._own.update((id(node.found), node) for node in list(self.nodes))
        own = self._own.get(id(near))
        refused = (*left_out, *((own,) if own else ()))
        return [row for node, row in self._delivered(kind, name, near) if not any(each.makes(node) for each in refused)]

    def _delivered(self, kind: str, name: str, near: DeployerObject) -> list[tuple[DeployerNode, ListedSource]]:
        """The sources that take a file with such an object, that name objects so, or that render what refers to it."""
        if (kind, name) not in self._delivering:
            carriers = self.reader.carriers(kind, name)
            rows = ((node, row) for node in list(self.nodes) if node.is_left for row in node.rows if row.target)
            self._delivering[kind, name] = [pair for pair in rows if self._may_deliver(pair[1], carriers, name)]
        found = self._delivering[kind, name]
        if near.manifest is None or any(row.target is near.manifest.target for _, row in found):
            return found
        carrier = near.manifest.target
        return [*found, *((node, row) for node in list(self.nodes) if node.is_left for row in node.rows if row.target is carrier)]

    def _may_deliver(self, row: ListedSource, carriers: Iterable[str], name: str) -> bool:
        if any(takes(row, each) for each in carriers):
            return True
        affixes = self._affixes(row.target) if row.target else ()
        return any(name != affix and (name.startswith(affix) or name.endswith(affix)) for affix in affixes)

    def _affixes(self, target: Target) -> tuple[str, ...]:
        """Return the texts that a target may put before or behind names."""
        if id(target) not in self._known_affixes:
            own = target.deployed.deployer_files if target.deployed else frozenset[str]()
            paths = sorted(own.union(target.closure.kustomizations))
            found = tuple(match.decode() for path in paths for match in _NAMES.findall(self.reader.contents(path)))
            self._known_affixes[id(target)] = target, found
        return self._known_affixes[id(target)][1]

    def _loaded(self, kind: str, name: str, near: DeployerObject) -> list[DeployerObject]:
        rows = self._rows(kind, name, near)
        targets = {id(row.target): row.target for row in rows if row.target}
        if near.manifest:
            targets.setdefault(id(near.manifest.target), near.manifest.target)
        rendered = {id(target): self._of(target) for target in targets.values()}
        found = [each for objects in rendered.values() for each in objects or () if (each.kind, each.name) == (kind, name)]
        shown = [row for row in rows if row.target and rendered[id(row.target)] is not None]
        taken = {each for row in shown for each in self.reader.carriers(kind, name) if takes(row, each)}
        if near.manifest:
            taken.add(near.manifest.target.name)
        return [*found, *self.reader.data(kind, name, taken)]

    def _of(self, target: Target) -> list[DeployerObject] | None:
        """All ConfigMaps and Secrets that a target renders; None where it does not render."""
        with self._lock:
            known = self._of_targets.get(id(target))
        if known is None:
            known = target, self.reader.rendered_data(target)
            with self._lock:
                known = self._of_targets.setdefault(id(target), known)
        return known[1]
