"""The verified table as text for a terminal and as Markdown for a chart's README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agentslint.contract.contracts import ChartContracts
from agentslint.contract.table import HEADINGS, Workload, workloads
from agentslint.credentials import cleaned


def as_text(charts: Iterable[ChartContracts]) -> str:
    """Return each workload with aligned columns, one line a value."""
    return "\n".join(line for chart in charts for line in _text(chart))


def as_markdown(charts: Iterable[ChartContracts]) -> str:
    """Return each workload as a table."""
    return "\n".join(line for chart in charts for line in _markdown(chart)).rstrip("\n")


def _text(chart: ChartContracts) -> Iterator[str]:
    name = chart.rendered.target.name
    yield f"{chart.entry.directory or name if name == '.' else name}: chart {chart.entry.name}, release {chart.entry.release or '(none)'}"
    for workload in cleaned(workloads(chart)):
        yield ""
        yield f"{workload.resource}: {workload.order}{' (learnt)' if workload.learnt else ''}: {workload.state}"
        rows = [HEADINGS, *(row.cells for row in workload.rows)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        for row in rows:
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield from (f"  ! {problem}" for problem in workload.problems)


def _markdown(chart: ChartContracts) -> Iterator[str]:
    for workload in cleaned(workloads(chart)):
        yield f"**{workload.resource}**: {_order(workload)}. {_remark(workload)}"
        yield ""
        yield f"| {' | '.join(HEADINGS)} |"
        yield f"|{' --- |' * len(HEADINGS)}"
        yield from (f"| {' | '.join(_cell(cell, number) for number, cell in enumerate(row.cells))} |" for row in workload.rows)
        yield ""
        if workload.problems:
            yield from (f"- {problem}" for problem in workload.problems)
            yield ""


def _order(workload: Workload) -> str:
    return ", then ".join(f"`{block}`" for block in workload.chain)


def _remark(workload: Workload) -> str:
    words = {"verified": "Verified by renders", "not kept": "Not kept", "not verified": "Could not be verified"}[workload.state]
    return f"{words}{' (order learnt from the chart)' if workload.learnt else ''}."


def _cell(text: str, column: int) -> str:
    """Values and fields as code; a bar would end the cell."""
    escaped = text.replace("|", "\\|")
    is_code = column in (0, 1, 2, 3) and text not in ("none", "nowhere", "none is set")
    return ", ".join(f"`{part}`" for part in escaped.split(", ")) if is_code else escaped
