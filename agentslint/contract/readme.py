"""Keeps a part of a Markdown file between two marks and touches nothing else."""

from __future__ import annotations

from agentslint.errors import UsageError

BEGIN = "<!-- agentslint contract: written by `agentslint contract`, do not edit -->"
END = "<!-- agentslint contract: end -->"
_BEGIN, _END = "<!-- agentslint contract: written by", END


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
        raise UsageError(f"{path}: the table belongs between one {BEGIN} and one {END} after it; mend the marks")
    return text[:start] + block + text[end + len(_END) :]
