"""The override contracts of the charts of a run's targets, verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from agentslint.config.closest import closest, did_you_mean
from agentslint.config.schema import ContractTable
from agentslint.contract import ChartContracts, is_about, unrendered
from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.errors import UsageError
from agentslint.model import Failure


class VerifiedContracts(Struct, frozen=True):
    """The charts that have image blocks, what could not be verified, what else is to be said, and how many extra renders it took."""

    charts: list[ChartContracts]
    failures: list[Failure]
    notes: list[str]
    renders: int


def contracts(session: Session) -> VerifiedContracts:
    """Verify the contracts of the charts of a run.

    Raises UsageError where no target renders a chart.
    """
    targets, failures = rendered_targets(session)
    charts = [chart for target in targets for chart in target.contracts.charts]
    if not charts and not failures:
        raise UsageError("no target here renders a Helm chart (helmCharts), so there are no values to ask about")
    notes: list[str] = []
    verified = any(chart.verdicts for chart in charts)
    for table, reason in _nowhere(charts):
        if _may_be_elsewhere(session, table, verified=verified):
            notes.append(reason)
        else:
            failures.append(Failure(reason, targets[0].target.name))
    failures += _about_nothing(session, targets[0].target.name if targets else "")
    asked = [chart for chart in charts if chart.stated or chart.failure or chart.missing]
    for chart in asked:
        name = chart.rendered.target.name
        if chart.failure:
            failures.append(Failure(f"chart {chart.entry.name} refuses marked images: {chart.failure.message}", name))
        failures += [Failure(reason, name) for reason in (*chart.missing, *_unverified(chart))]
    failures += [Failure(why, target.target.name) for target in targets for why in target.unread_documents]
    return VerifiedContracts(asked, [*failures, *faults_of(targets)], notes, sum(target.renders.count for target in targets))


def _about_nothing(session: Session, target: str) -> Iterator[Failure]:
    """Yield a failure for each configured contract that is about no chart of the whole repository: its name is misspelt."""
    everything = (*session.discovery.targets, *session.repository())
    charts = [(each, chart.name) for each in everything for chart in each.closure.charts]
    names = sorted({name for _, name in charts})
    for number, table in enumerate(session.loaded.config.contracts):
        if charts and not any(is_about(table, each, name) for each, name in charts):
            near = closest(table.chart, names) if table.chart else closest(table.target or "", [each.name for each in everything])
            where = session.configured_at("contracts", number)
            yield Failure(f"the contract of {table.workload}: no target has such a chart{did_you_mean(near)}", target, location=where)


def _may_be_elsewhere(session: Session, table: ContractTable, *, verified: bool) -> bool:
    """Tell whether another target may render the workload of a contract, or the same chart with other values than its own."""
    folder = session.loaded.folder
    if folder is None or not folder.resolve().is_relative_to(session.root.resolve()):
        # A chart alone, laid out elsewhere: where nothing else was verified, its own contract cannot pass for kept.
        return verified or not any(table.chart == chart.name for target in session.discovery.targets for chart in target.closure.charts)
    own = {target.name for target in session.discovery.targets}
    others = [target for target in session.repository() if target.name not in own]
    return any(is_about(table, target, chart.name) for target in others for chart in target.closure.charts)


def _nowhere(charts: Sequence[ChartContracts]) -> Iterator[tuple[ContractTable, str]]:
    """Yield the contracts about charts that are here, and about a workload that none of them renders.

    Of one that names its target the chart knows itself (`missing`).
    """
    stated = dict.fromkeys(table for chart in charts for table in chart.tables if table.target is None)
    for table in stated:
        if message := unrendered(table, [(chart.rendered, chart.entry) for chart in charts if table in chart.tables]):
            yield table, message


def nothing_to_show(found: VerifiedContracts) -> str:
    """Say why there is no table; "" where there is one, or where something else is said that explains it."""
    if found.failures or found.notes or any(chart.verdicts for chart in found.charts):
        return ""
    return "nothing to show: no image block (a mapping with repository and tag or digest) in a chart's values decides an image"


def _unverified(chart: ChartContracts) -> list[str]:
    return [f"{verdict.subject}: {reason}" for verdict in chart.verdicts for reason in verdict.unverified]
