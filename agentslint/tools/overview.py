"""The text of `agentslint tools list`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentslint.tools.lookup import INSTALL
from agentslint.tools.tool import VARIABLES, Tool

_HEAD = ("tool", "version", "from", "program")


def describe(tools: Iterable[Tool]) -> str:
    """Write inspected tools as a plain table, with their problems, and a last line with the remedy."""
    tools = list(tools)
    rows = [_HEAD, *map(_row, tools)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [_line(_HEAD, widths)]
    for tool in tools:
        lines += [_line(_row(tool), widths), *(f"  {_kind(tool)}: {problem}" for problem in tool.problems)]
    return "\n".join([*lines, suggest(tools), ""])


def suggest(tools: Iterable[Tool]) -> str:
    """Return the remedy for these tools, in one line."""
    wrong = [tool.name for tool in tools if tool.problems]
    if not wrong:
        return "Nothing is wrong with them."
    return f"To provide tested versions, run {INSTALL}{_choices([tool for tool in tools if tool.problems])}."


def _choices(wrong: Sequence[Tool]) -> str:
    """A configured program takes precedence over the installed one, so it must be removed for that to be used."""
    titles = {"option": "--{name}", "environment": "{variable}", "configuration": "{name} in the configuration"}
    chosen = [tool for tool in wrong if tool.source in titles]
    asked = [titles[tool.source].format(name=tool.name, variable=VARIABLES[tool.name]) for tool in chosen]
    return f" and leave out {' and '.join(asked)}" if asked else ""


def _row(tool: Tool) -> tuple[str, str, str, str]:
    return tool.name, tool.version or "?", tool.source, str(tool.path or "")


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[-1]]).rstrip()


def _kind(tool: Tool) -> str:
    return "note" if tool.usable else "error"
