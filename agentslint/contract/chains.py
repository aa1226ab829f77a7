"""The subject of a contract: one workload, and the blocks of values that decide its image, in order of precedence.

Those that the configuration states (`[[contracts]]`) are found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from typing import ClassVar

from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.image_blocks import FIELDS, Block, BlockField, dotted_key
from agentslint.config.closest import closest
from agentslint.config.schema import ContractTable
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import HelmChartEntry, Manifest, Target
from agentslint.model.skipped import some
from agentslint.record import Record


class ChainedWorkload(Record, frozen=True):
    """A workload and the chain that its image is promised to follow (`learnt`: seems to follow)."""

    not_compared: ClassVar[frozenset[str]] = frozenset(("values",))

    manifest: Manifest
    chain: tuple[Block, ...]
    values: ChartValues
    stated: tuple[str, ...] = ()
    """The fields that the configuration names; where it names none, those that the blocks have."""
    learnt: bool = False
    wanted: str = ""
    """The glob of the configuration that it was found by."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that the contract is about."""
        return tuple(self._blocks)

    def blocks(self, name: str) -> tuple[Block, ...]:
        """Return the blocks that have a field, the winner first."""
        return self._blocks.get(name, ())

    @cached_property
    def _blocks(self) -> dict[str, tuple[Block, ...]]:
        if self.stated:
            return dict.fromkeys(self.stated, self.chain)
        known = {name: tuple(block for block in self.chain if self.values.knows((*block, name))) for name in FIELDS}
        return {name: blocks for name, blocks in known.items() if blocks}

    @property
    def block_fields(self) -> Iterator[BlockField]:
        """Every field of every block."""
        return ((block, name) for name in self.fields for block in self.blocks(name))

    @property
    def resource(self) -> str:
        """The workload's name in messages."""
        return self.manifest.resource

    def __str__(self) -> str:
        return f"{self.resource} ({' > '.join(map(dotted_key, self.chain))})"


def block_fields_of(subjects: Iterable[ChainedWorkload]) -> tuple[BlockField, ...]:
    """Return the block fields of several subjects, each once."""
    return tuple(dict.fromkeys(block_field for subject in subjects for block_field in subject.block_fields))


def applying(rendered: TargetFacts, entry: HelmChartEntry) -> list[ContractTable]:
    """Return the contracts that are about one chart of a target."""
    return [table for table in rendered.context.config.contracts if is_about(table, rendered.target, entry.name)]


def is_about(table: ContractTable, target: Target, chart: str) -> bool:
    """Tell whether a contract is about a chart of a target, by their names."""
    return (table.target is None or target.is_named([table.target])) and (table.chart is None or fnmatchcase(chart, table.chart))


def configured(rendered: TargetFacts, values: ChartValues, tables: list[ContractTable]) -> list[ChainedWorkload]:
    """Return the workloads that the contracts are about, in the order of the configuration."""
    manifests = list(made_by(rendered, values.entry))
    return [
        ChainedWorkload(manifest, tuple(tuple(block.split(".")) for block in table.chain), values, table.fields, wanted=table.workload)
        for table in tables
        for manifest in manifests
        if fnmatchcase(manifest.resource, table.workload)
    ]


def renders(rendered: TargetFacts, entry: HelmChartEntry) -> list[str]:
    """Name the manifests that one chart made, as contracts do."""
    return [manifest.resource for manifest in made_by(rendered, entry)]


def unrendered(table: ContractTable, charts: Iterable[tuple[TargetFacts, HelmChartEntry]]) -> str:
    """Say that none of the charts that a contract is about renders its workload, and which name is near; "" where one does."""
    about = list(charts)
    known = [name for rendered, entry in about for name in renders(rendered, entry)]
    if any(fnmatchcase(name, table.workload) for name in known):
        return ""
    names = list(dict.fromkeys(entry.name for _, entry in about))
    near = closest(table.workload, known)
    hint = f"; did you mean {near}?" if near else ""
    who = f"chart {names[0]} renders" if len(names) == 1 else f"charts {some(names)} render"
    return f"{who} no {table.workload}, which [[contracts]] names{hint}"


def made_by(rendered: TargetFacts, entry: HelmChartEntry) -> Iterator[Manifest]:
    """Yield the manifests that one chart made."""
    for manifest in rendered.manifests:
        call = rendered.call_of(manifest)
        if call and (call.chart, call.release) == (entry.name, entry.release):
            yield manifest
