"""Reads the applications of the repository's deployers, wave by wave, and the targets that they make of its folders.

Deployers' objects are read from the whole repository, whatever is linted: from the rendering of a target where one reads their file,
else from the file. What they deploy may render further objects, which are read in turn, until there are none. What refers to ConfigMaps
or Secrets is read again once those are known that deliver them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from agentslint.deploy.deployer import DeployContext, Deployer
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.helm_program import Helm
from agentslint.deploy.here import Here
from agentslint.deploy.known_objects import KnownObjects
from agentslint.deploy.listed import ListedSource
from agentslint.engine.delivered_data import DeliveredData
from agentslint.engine.deployer_node import DeployerNode, takes
from agentslint.engine.deployer_objects import ObjectReader
from agentslint.engine.deployments import Deployments
from agentslint.model import Failure, Location, Region
from agentslint.model.skipped import some

Owner = tuple[str, ...]
_FIRST = Region(1, 1, 1, 2)
_WAVES = 20
"""How deep applications may be made by applications."""
_NESTED = 50
"""How many applications below one of the same source are looked into: a source may make several of itself with other names."""


class ReadDeployments(Struct, dict=True):
    """Lists the sources of all objects that `reader` finds in files, and of those that they make."""

    here: Here
    deployers: Sequence[Deployer]
    reader: ObjectReader
    helm: Helm | None = None
    """Fills in the templates of ApplicationSets."""
    declared: Sequence[ListedSource] = ()
    """The sources that the configuration declares."""
    _nodes: list[DeployerNode] = []
    _cycles: set[tuple[str, int, str]] = set()
    """Objects that come out of what they deploy themselves: their places and names."""
    _own_data: set[tuple[str, int, str]] = set()
    """Objects that take values from what they deploy themselves."""
    _nested: int = 0
    """How many applications below one of the same source were looked into."""

    def read(self) -> Deployments:
        """Read all of them, wave by wave."""
        around = DeployContext(self.here, KnownObjects(self._data), self.helm)
        self._list([DeployerNode(found, carrier) for found, carrier in self.reader.in_files(self.reader.mentioned)], around)
        waiting = [*self._nodes, *self._said()]
        while waiting:
            made = [each for node in waiting if not self._data.is_due(node) for each in self._made_by(node, around)]
            self._list(made, around)
            # What refers to data waits until nothing else is left that might deliver them.
            waiting = made or self._settled(around)
        self._data.is_open = True
        rows = tuple(row for node in self._nodes if node.is_left for row in node.rows)
        notes = (*((self.here.note,) if self.here.note else ()), *self._of_cycles())
        left = [node.found for node in self._nodes if node.is_left]
        sets = tuple(each for found in left for deployer in self.deployers for each in deployer.sets(found, around))
        too_deep = tuple(self._too_deep())
        return Deployments(rows, notes=notes, failures=tuple(dict.fromkeys(self.reader.failures)), too_deep=too_deep, sets=sets)

    @cached_property
    def _data(self) -> DeliveredData:
        return DeliveredData(self.reader, self._nodes)

    def _settled(self, around: DeployContext) -> list[DeployerNode]:
        """List what refers to ConfigMaps and Secrets with them, and return it: what delivers them comes first."""
        due = [node for node in self._nodes if self._data.is_due(node)]
        makers = [node for node in due if any(row.target and self.reader.makes_objects(row.target) for row in node.rows)]
        found: list[DeployerNode] = []
        for node in makers or due:
            self._settle(node, around, found, ())
        return found

    def _settle(self, node: DeployerNode, around: DeployContext, found: list[DeployerNode], above: tuple[DeployerNode, ...]) -> None:
        if not self._data.is_due(node):
            return
        for other in self._data.deliverers(node):
            if node.makes(other) or (self._data.is_due(other) and (other in above or len(above) >= _WAVES)):
                self._data.leave_out(node, other)
                self._own_data.add(_called(node.found))
            else:
                self._settle(other, around, found, (*above, node))
        if node.times_settled:
            self._drop_made(node, around)
        self._data.is_open = True
        self._data.begin(node)
        self._list_rows(node, around)
        self._data.end(node)
        self._data.is_open = False
        if self._data.is_unsettled(node):
            self._own_data.add(_called(node.found))
        found.append(node)

    def _drop_made(self, node: DeployerNode, around: DeployContext) -> None:
        """Drop what a node made when it was listed with other data."""
        self._drop_all((other for other in self._nodes if other is not node and node.makes(other)), around)

    def _said(self) -> Iterator[DeployerNode]:
        """What the configuration declares: its renderings, too, may hold objects."""
        for row in self.declared:
            node = DeployerNode(DeployerObject({}, row.application.location or Location("", _FIRST), lambda changes: {}), rows=[row])
            self._nodes.append(node)
            yield node

    def _too_deep(self) -> Iterator[Failure]:
        """Each of these may make further ones with other names, and those further ones, for ever."""
        why = f"more than {_NESTED} applications come out of their own source"
        if self._nested <= _NESTED:
            why = f"they are more than {_WAVES} steps below the first one"
        for row in (row for node in self._nodes if node.is_left and node.is_end for row in node.rows):
            if row.target and self.reader.makes_objects(row.target):
                message = f"the applications that it makes are not read, as {why}"
                yield Failure(message, row.target.name, location=row.application.location)

    def _is_end(self, node: DeployerNode) -> bool:
        self._nested += node.is_nested and not node.is_end
        return len(node.above) >= _WAVES - 1 or (node.is_nested and self._nested > _NESTED)

    def _of_cycles(self) -> Iterator[str]:
        for said, places in (
            ("judged once, though it comes out of its own application again", self._cycles),
            ("judged with values as they are written, though it delivers them itself", self._own_data),
        ):
            if places:
                yield f"{said}: {some([f'{name} ({path}:{line})' for path, line, name in sorted(places)])}"

    def _list(self, nodes: Sequence[DeployerNode], around: DeployContext) -> None:
        for node in nodes:
            around.objects.add(node.found)
        for deployer in self.deployers:
            named = [each for node in nodes for each in deployer.named(node.found, around)]
            self.here.add(named)
        taken = dict(_owners(row for node in self._nodes if node.is_left for row in node.rows))
        for node in nodes:
            self._list_rows(node, around, taken)
            self._nodes.append(node)

    def _list_rows(self, node: DeployerNode, around: DeployContext, taken: dict[str, Owner] | None = None) -> None:
        """List the sources of a node; `taken` are the names of all others."""
        if taken is None:
            taken = dict(_owners(row for each in self._nodes if each.is_left for row in each.rows))
        rows = [row for deployer in self.deployers for row in deployer.listed(node.found, around)]
        node.rows = told_apart(taken, rows)
        taken.update(_owners(node.rows))
        self._data.changed()

    def _made_by(self, node: DeployerNode, around: DeployContext) -> Iterator[DeployerNode]:
        """The objects that come out of what a node deploys. They take the place of those that bare renders and files show of them."""
        node.is_end = self._is_end(node)
        for row in node.rows:
            if node.is_left and self._deploys_itself(row):
                self._tell_cycle(node.found)
            if not node.is_left or node.is_end or row.target is None or not self.reader.makes_objects(row.target):
                continue
            above = (*node.above, node)
            found = self.reader.rendered(row.target, tuple(each.found.location.path for each in above))
            if found is None:
                continue
            self._drop(row, above, around)
            known = {each.found.id for each in above}
            for each in found:
                if each.id in known:
                    self._tell_cycle(each)
                else:
                    yield DeployerNode(each, "", above)

    def _deploys_itself(self, row: ListedSource) -> bool:
        """Tell whether the folder of a source holds the object that deploys it, be it under another name."""
        own = row.target.deployed.deployer_files if row.target and row.target.deployed else frozenset[str]()
        replaced = [target.closure for target in self.reader.bare if own and target.name in row.covers]
        return bool(row.covers & own) or any(closure.reads(path) for closure in replaced for path in own)

    def _tell_cycle(self, found: DeployerObject) -> None:
        if any(deployer.deploys_itself and found.kind in deployer.kinds.get(found.group, ()) for deployer in self.deployers):
            return
        self._cycles.add(_called(found))

    def _drop(self, row: ListedSource, above: Sequence[DeployerNode], around: DeployContext) -> None:
        taken = (each for each in self._nodes if each.carrier and takes(row, each.carrier))
        self._drop_all((other for other in taken if not any(other is each for each in above)), around)
        self._data.changed()

    def _drop_all(self, nodes: Iterable[DeployerNode], around: DeployContext) -> None:
        for node in nodes:
            node.is_dropped = True
            around.objects.drop(node.found)


def _called(found: DeployerObject) -> tuple[str, int, str]:
    return found.location.path, found.location.region.start_line, f"{found.kind}/{found.name}"


def told_apart(taken: dict[str, Owner], new: Iterable[ListedSource]) -> list[ListedSource]:
    """Give targets of one name names of their own: a repository may hold several clusters, each with an application of that name.

    `taken` are the names that others have; those that are given are added.
    """
    found = []
    for row in new:
        target = row.target
        if target:
            names = (target.name, *(f"{target.name}@{each}" for each in _marks(row)))
            own = next((name for name in names if taken.setdefault(name, _owner(row)) == _owner(row)), target.name)
            target = target if own == target.name else replace(target, name=own)
        found.append(replace(row, target=target))
    return found


def _owners(rows: Iterable[ListedSource]) -> Iterator[tuple[str, Owner]]:
    return ((row.target.name, _owner(row)) for row in rows if row.target)


def _owner(row: ListedSource) -> Owner:
    """What tells an application from another of its name: the folder of its object, its kind, and the target that renders it."""
    return row.home, row.application.kind, row.manifest.target.name if row.manifest else ""


def _marks(row: ListedSource) -> Iterator[str]:
    home, kind, carrier = _owner(row)
    yield from (home or ".", f"{home or '.'}@{kind}", carrier or kind)
