"""The override contracts of the charts of a run's targets, verified."""

from __future__ import annotations

from agentslint.contract import ChartContracts
from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.errors import UsageError
from agentslint.model import Failure


def contracts(session: Session) -> tuple[list[ChartContracts], list[Failure], int]:
    """Return the charts that have image blocks, the failures, and the number of extra renders.

    Raises UsageError where no target renders a chart.
    """
    targets, failures = rendered_targets(session)
    charts = [chart for target in targets for chart in target.contracts.charts]
    if not charts and not failures:
        raise UsageError("no target here renders a Helm chart (helmCharts), so there are no values to ask about")
    asked = [chart for chart in charts if chart.stated or chart.failure or chart.missing]
    for chart in asked:
        name = chart.rendered.target.name
        if chart.failure:
            failures.append(Failure(f"chart {chart.entry.name} refuses marked images: {chart.failure.message}", name))
        failures += [Failure(reason, name) for reason in (*chart.missing, *_unverified(chart))]
    return asked, [*failures, *faults_of(targets)], sum(target.renders.count for target in targets)


def _unverified(chart: ChartContracts) -> list[str]:
    return [f"{verdict.subject}: {reason}" for verdict in chart.verdicts for reason in verdict.unverified]
