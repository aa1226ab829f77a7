"""The verified table as text for a terminal, and as Markdown between two marks of a chart's README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agentslint.contract.chart_contracts import ChartContracts
from agentslint.contract.table import HEADINGS, Workload, workloads
from agentslint.credentials import cleaned
from agentslint.errors import UsageError

BEGIN = "<!-- agentslint contract: written by `agentslint contract`, do not edit -->"
END = "<!-- agentslint contract: end -->"
_BEGIN, _END = "<!-- agentslint contract: written by", END


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


def with_table(text: str, table: str, path: str) -> str:
    """Return a file's text with `table` between the marks, which are appended where there are none.

    Raises UsageError where only one mark is there, or more than one pair.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    block = newline.join((BEGIN, "", *table.splitlines(), "", END))
    starts, ends = text.count(_BEGIN), text.count(_END)
    if not starts and not ends:
        gap = "" if not text else newline if text.endswith("\n") else newline * 2
        return f"{text}{gap}{block}{newline}"
    start, end = text.find(_BEGIN), text.find(_END)
    if (starts, ends) != (1, 1) or end < start:
        raise UsageError(f"{path}: the table belongs between one {BEGIN} and one {END} after it; correct the marks")
    return text[:start] + block + text[end + len(_END) :]
