"""An object of a deployer while deployments are read, with the sources that it deploys."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.listed import ListedSource
from agentslint.model import Target


class DeployerNode(Struct, eq=False):
    """An object with the rows that it makes: `carrier` is its file, or the bare target that renders it; `above` the nodes that make it."""

    found: DeployerObject
    carrier: str = ""
    above: tuple[DeployerNode, ...] = ()
    rows: list[ListedSource] = []
    is_dropped: bool = False
    is_end: bool = False
    """Whether its objects are not read, as nobody knows whether they would end."""
    settled_with: Sequence[Target] | None = None
    """The targets that rendered the ConfigMaps and Secrets that its rows were listed with; None before they were looked for."""
    times_settled: int = 0

    @property
    def is_nested(self) -> bool:
        """Whether it deploys the same folder or chart as something that makes it."""
        above = {_source(row) for node in self.above for row in node.rows}
        return any(_source(row) in above for row in self.rows)

    @property
    def is_left(self) -> bool:
        """Whether neither it nor anything above it is read from another rendering."""
        return not (self.is_dropped or any(each.is_dropped for each in self.above))

    def makes(self, other: DeployerNode) -> bool:
        """Tell whether another node is this one, or comes out of what it deploys."""
        return other is self or any(each is self for each in other.above)


def takes(row: ListedSource, carrier: str) -> bool:
    """Tell whether a deployed source takes the place of a bare target, or deploys a file that was looked at by itself."""
    if carrier in row.covers:
        return True
    if row.target is None or not row.target.closure.reads(carrier):
        return False
    deployed = row.target.deployed
    return deployed is None or carrier not in deployed.not_deployed


def _source(row: ListedSource) -> tuple[str, str, str]:
    return row.repository, row.path, row.chart
