"""The contracts that the configuration states: `[[contracts]]` -> the workloads of one chart that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from agentslint.config.schema import ContractTable
from agentslint.contract.subject import Subject
from agentslint.facts import RenderedTarget
from agentslint.model import HelmChartEntry, Manifest
from agentslint.probe import ChartValues


def applying(rendered: RenderedTarget, entry: HelmChartEntry) -> list[ContractTable]:
    """Return the contracts that are about one chart of a target."""
    name = rendered.target.name
    return [
        table
        for table in rendered.context.config.contracts
        if (table.target is None or fnmatchcase(name, table.target)) and (table.chart is None or fnmatchcase(entry.name, table.chart))
    ]


def configured(rendered: RenderedTarget, values: ChartValues, tables: list[ContractTable]) -> list[Subject]:
    """Return the workloads that the contracts are about, in the order of the configuration."""
    manifests = list(made_by(rendered, values.entry))
    return [
        Subject(manifest, tuple(tuple(block.split(".")) for block in table.chain), values, table.fields, wanted=table.workload)
        for table in tables
        for manifest in manifests
        if fnmatchcase(manifest.resource, table.workload)
    ]


def made_by(rendered: RenderedTarget, entry: HelmChartEntry) -> Iterator[Manifest]:
    """Yield the manifests that one chart made."""
    for manifest in rendered.manifests:
        call = rendered.call_of(manifest)
        if call and (call.chart, call.release) == (entry.name, entry.release):
            yield manifest
