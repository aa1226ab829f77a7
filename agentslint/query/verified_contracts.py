"""The override contracts of the charts of a run's targets, verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentslint.config.closest import closest
from agentslint.config.schema import ContractTable
from agentslint.contract import ChartContracts, is_about, renders
from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.errors import UsageError
from agentslint.model import Failure


@dataclass(frozen=True)
class VerifiedContracts:
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
    for table, reason in _nowhere(charts):
        if _is_seen_whole(session, table):
            failures.append(Failure(reason, targets[0].target.name))
        else:
            notes.append(reason)
    asked = [chart for chart in charts if chart.stated or chart.failure or chart.missing]
    for chart in asked:
        name = chart.rendered.target.name
        if chart.failure:
            failures.append(Failure(f"chart {chart.entry.name} refuses marked images: {chart.failure.message}", name))
        failures += [Failure(reason, name) for reason in (*chart.missing, *_unverified(chart))]
    failures += [Failure(why, target.target.name) for target in targets for why in target.unread_documents]
    return VerifiedContracts(asked, [*failures, *faults_of(targets)], notes, sum(target.renders.count for target in targets))


def _is_seen_whole(session: Session, table: ContractTable) -> bool:
    """Tell whether the run has every target that a contract is about; of a chart alone, laid out elsewhere, nobody knows the others."""
    folder = session.loaded.folder
    if folder is None or not folder.resolve().is_relative_to(session.root.resolve()):
        return False
    own = {target.name for target in session.discovery.targets}
    others = [target for target in session.repository() if target.name not in own]
    return not any(is_about(table, target.name, chart.name) for target in others for chart in target.closure.charts)


def _nowhere(charts: Sequence[ChartContracts]) -> Iterator[tuple[ContractTable, str]]:
    """Say which contracts are about charts that are here, and about a workload that none of them renders.

    Of one that names its target the chart knows itself (`missing`).
    """
    stated = list(dict.fromkeys(table for chart in charts for table in chart.tables if table.target is None))
    for table in stated:
        about = [chart for chart in charts if table in chart.tables]
        if not any(subject.wanted == table.workload for chart in about for subject in chart.configured):
            known = [name for chart in about for name in renders(chart.rendered, chart.entry)]
            near = closest(table.workload, known)
            hint = f"; did you mean {near}?" if near else ""
            yield table, f"chart {about[0].entry.name} renders no {table.workload} here, which [[contracts]] names{hint}"


def nothing_to_show(charts: Sequence[ChartContracts]) -> str:
    """Say why there is no table; "" where there is one."""
    if any(chart.verdicts for chart in charts):
        return ""
    return "nothing to show: no image block (a mapping with repository and tag or digest) in a chart's values decides an image"


def _unverified(chart: ChartContracts) -> list[str]:
    return [f"{verdict.subject}: {reason}" for verdict in chart.verdicts for reason in verdict.unverified]
