"""Rows of cells as a table that stays within a width: what does not fit beside a cell stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.report.escape import one_line

_GAP = "  "
_BELOW = "    "


def beside_each_other(rows: Sequence[Sequence[str]], width: int) -> Iterator[list[str]]:
    """Yield the lines of each row: one where all rows fit so, else each cell on a line of its own that does not fit beside the others.

    A cell is never cut: a path that is cut cannot be opened.
    """
    columns = [column for column in zip(*([one_line(cell) for cell in row] for row in rows), strict=True) if any(column)]
    cells, widths = list(zip(*columns, strict=True)), [max(map(len, column)) for column in columns]
    if sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
        yield from ([_GAP.join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()] for row in cells)
        return
    for row in cells:
        yield folded(row, width)


def folded(row: Sequence[str], width: int) -> list[str]:
    """Return the lines of one row: a cell that does not fit behind the others begins a line."""
    lines = [row[0]]
    for cell in row[1:]:
        beside = f"{lines[-1]}{_GAP}{cell}"
        if not cell or len(beside) <= width:
            lines[-1] = beside.rstrip()
        else:
            lines.append(f"{_BELOW}{cell}")
    return lines
