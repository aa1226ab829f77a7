"""The override contracts of a target: for each of its charts the configured ones, else those that can be learnt."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property

from msgspec import Struct

from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.image_blocks import SECRETS, BlockField
from agentslint.config.schema import ContractTable
from agentslint.contract.breaches import Breaches, UnprovenError
from agentslint.contract.chains import ChainedWorkload, applying, block_fields_of, configured, unrendered
from agentslint.contract.digest_enforcement import Enforcement, switch_breach
from agentslint.contract.digest_switch import DigestSwitch, switch_of, switches
from agentslint.contract.inherited_secrets import inherited
from agentslint.contract.learned_chains import learnt
from agentslint.contract.owners import block_fields_named
from agentslint.contract.verdicts import Verdict
from agentslint.contract.verify import Verifier, by_manifest
from agentslint.experiment.chart_experiments import ChartExperiments
from agentslint.experiment.renders import Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import HelmChartEntry, RenderFailure
from agentslint.model.chart_breaches import Breach, EnforcementBreach, ForeignSecrets


class Contracts:
    """The charts of a target, each with its contracts; nothing is asked before it is looked at."""

    def __init__(self, rendered: TargetFacts, renders: Renders) -> None:
        self.rendered = rendered
        self.charts = tuple(ChartContracts(rendered, renders, entry) for entry in rendered.target.closure.charts)

    def breaches(self, *, secrets: bool) -> Iterator[Breach]:
        """Yield where a chart does not keep a configured contract: of its pull secrets, or of everything else.

        Raises UnprovenError, in the end, where a contract could not be verified.
        """
        unproven: list[str] = []
        for chart in self.charts:
            if not chart.tables:
                continue
            wanted = {SECRETS} if secrets else chart.fields - {SECRETS}
            yield from chart.breaches.of(wanted)
            unproven += [*chart.missing, *chart.breaches.unproven(wanted)]
        _raise(unproven)

    def inherited_secrets(self) -> Iterator[ForeignSecrets]:
        """Yield where a workload pulls from one registry with the secrets of another."""
        for chart in self.charts:
            yield from inherited(self.rendered, chart.values, chart.configured)

    def enforcement(self, *, learnt: bool) -> Iterator[EnforcementBreach]:
        """Yield where a chart's own digest enforcement is off or does not bite; raises UnprovenError, in the end, as `breaches` does.

        Chains that no contract names are learnt and proven only with `learnt`: that costs some ten renders.
        """
        unproven: list[str] = []
        for chart in self.charts:
            if chart.misspelt_switch:
                unproven.append(chart.misspelt_switch)
                continue
            flaws = chart.switch_flaws
            yield from flaws
            if not flaws and chart.digest_switch.known and (learnt or chart.tables):
                found, reasons = chart.enforcement
                yield from found
                unproven += reasons
        _raise(unproven)


class ChartContracts(Struct, dict=True):
    """One chart of a target."""

    rendered: TargetFacts
    renders: Renders
    entry: HelmChartEntry

    @cached_property
    def values(self) -> ChartValues:
        """The chart's values."""
        return self.rendered.values_of(self.entry)

    @cached_property
    def tables(self) -> list[ContractTable]:
        """The contracts of the configuration that are about this chart."""
        return applying(self.rendered, self.entry)

    @cached_property
    def configured(self) -> list[ChainedWorkload]:
        """The workloads that those are about."""
        return configured(self.rendered, self.values, self.tables)

    @cached_property
    def digest_switch(self) -> DigestSwitch:
        """The chart's own digest enforcement."""
        return switch_of(self.rendered, self.values)

    @cached_property
    def subjects(self) -> list[ChainedWorkload]:
        """The workloads of the configuration, else those that can be learnt."""
        if self.tables:
            return self.configured
        return self._learnt if isinstance(self._learnt, list) else []

    @property
    def failure(self) -> RenderFailure | None:
        """Why nothing could be learnt."""
        return self._learnt if not self.tables and isinstance(self._learnt, RenderFailure) else None

    @cached_property
    def experiments(self) -> ChartExperiments:
        """The experiments on the workloads."""
        return ChartExperiments(self.rendered, self.renders, self.values, block_fields_of(self.subjects), _together(self.subjects))

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """The verdict on each workload."""
        return self._verifier.verify() if self.subjects else []

    @cached_property
    def stated(self) -> list[Verdict]:
        """The same, with the outcome of empty blocks, which no rule needs."""
        if self.verdicts:
            self._verifier.state(self.verdicts)
        return self.verdicts

    @property
    def _verifier(self) -> Verifier:
        return Verifier(self.experiments, self.subjects, self.digest_switch.off)

    @property
    def fields(self) -> set[str]:
        """All fields that a contract is about."""
        return {name for subject in self.subjects for name in subject.fields}

    @property
    def breaches(self) -> Breaches:
        """Where the chart breaks its configured contracts."""
        return Breaches(self.rendered, self.entry, self.verdicts if self.tables else [])

    @property
    def missing(self) -> list[str]:
        """Contracts of the configuration for this target of which nothing is rendered."""
        stated = [table for table in self.tables if table.target is not None]
        return [message for table in stated if (message := unrendered(table, [(self.rendered, self.entry)]))]

    @property
    def misspelt_switch(self) -> str:
        """Say what the configured switch is called in the values, where the chart has only one of nearly that name; else ""."""
        wanted = self.rendered.context.config.digest_switch
        if wanted is None or self.digest_switch.known or self.digest_switch.location:
            return ""
        near = get_close_matches(wanted, list(switches(self.values)), 1, 0.8)
        return f"digest-switch: chart {self.entry.name} has no value {wanted}; did you mean {near[0]}?" if near else ""

    @property
    def switch_flaws(self) -> list[EnforcementBreach]:
        """Flaws of the digest enforcement that need no render: it is off, or unknown to the chart."""
        asked_for = self.rendered.context.config.digest_switch is not None and bool(self.tables)
        return list(switch_breach(self.digest_switch, self.values, expected=asked_for))

    @cached_property
    def enforcement(self) -> tuple[list[EnforcementBreach], list[str]]:
        """Flaws of the digest enforcement that renders show, and the questions that they could not answer."""
        if self.failure:
            return [], [f"the image blocks of chart {self.entry.name} could not be marked: {self.failure.message}"]
        return Enforcement(self.experiments, self.subjects, self.digest_switch).flaws()

    @cached_property
    def _learnt(self) -> list[ChainedWorkload] | RenderFailure:
        return learnt(self.rendered, self.renders, self.values, self.digest_switch.off)


def _raise(unproven: list[str]) -> None:
    if unproven:
        raise UnprovenError("; ".join(dict.fromkeys(unproven)))


def _together(subjects: list[ChainedWorkload]) -> list[list[BlockField]]:
    """The block fields that meet in one workload."""
    names = dict.fromkeys(name for subject in subjects for name in subject.fields)
    return [block_fields_named(mine, name) for mine in by_manifest(subjects) for name in names]
