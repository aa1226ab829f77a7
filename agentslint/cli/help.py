"""Help texts that are read: options in sections, examples kept as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import click


class Sectioned(click.Command):
    """A command whose options are shown in `sections`; those outside of them come last."""

    sections: ClassVar[Mapping[str, Sequence[str]]] = {}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections in their order."""
        records = {
            parameter.name: record
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx))
        }
        for title, names in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([records.pop(name) for name in names], col_max=24)
        if records:
            with formatter.section("Other"):
                formatter.write_dl(list(records.values()), col_max=24)


class CommandListing(click.Group):
    """A group that shows the first sentence of each command whole, over several lines where it needs them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their order."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=1000)) for name, command in commands if command and not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def examples(*lines: tuple[str, str]) -> str:
    """Return an epilog of command lines with their effects; click would refill it as one paragraph without the mark."""
    width = max(len(command) for command, _ in lines)
    return "\b\nExamples:\n" + "\n".join(f"  {command:{width}}  {what}" for command, what in lines)
