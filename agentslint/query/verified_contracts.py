"""Which value decides which image? The override contracts of the charts of a run's targets, verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.config.closest import closest
from agentslint.contract import ChartContracts, renders
from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.errors import UsageError
from agentslint.model import Failure


def contracts(session: Session) -> tuple[list[ChartContracts], list[Failure], int]:
    """Return the charts that have image blocks, what could not be rendered, and how many extra renders it took.

    Raises UsageError where no target renders a chart.
    """
    targets, failures = rendered_targets(session)
    charts = [chart for target in targets for chart in target.contracts.charts]
    if not charts and not failures:
        raise UsageError("no target here renders a Helm chart (helmCharts), so there are no values to ask about")
    failures += [Failure(reason, targets[0].target.name) for reason in _nowhere(charts)]
    asked = [chart for chart in charts if chart.stated or chart.failure or chart.missing]
    for chart in asked:
        name = chart.rendered.target.name
        if chart.failure:
            failures.append(Failure(f"chart {chart.entry.name} refuses marked images: {chart.failure.message}", name))
        failures += [Failure(reason, name) for reason in (*chart.missing, *_unverified(chart))]
    failures += [Failure(why, target.target.name) for target in targets for why in target.unread_documents]
    return asked, [*failures, *faults_of(targets)], sum(target.renders.count for target in targets)


def _nowhere(charts: Sequence[ChartContracts]) -> Iterator[str]:
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
            yield f"chart {about[0].entry.name} renders no {table.workload} here, which [[contracts]] is about{hint}"


def nothing_to_show(charts: Sequence[ChartContracts]) -> str:
    """Say why there is no table; "" where there is one."""
    if any(chart.verdicts for chart in charts):
        return ""
    return "nothing to show: no image block in the values of a chart here (a mapping with repository and tag or digest) decides an image"


def _unverified(chart: ChartContracts) -> list[str]:
    return [f"{verdict.subject}: {reason}" for verdict in chart.verdicts for reason in verdict.unverified]
