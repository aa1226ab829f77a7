"""Commands and options; no logic. `agentslint PATH` is `agentslint lint PATH`."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

import click

from agentslint import __version__
from agentslint.errors import AgentslintError

COMMANDS = {
    "lint": "agentslint.cli.lint",
    "rules": "agentslint.cli.rules",
    "explain": "agentslint.cli.rules",
    "config": "agentslint.cli.config",
    "tools": "agentslint.cli.tools",
    "new-rule": "agentslint.cli.rules",
}


class Commands(click.Group):
    """Loads a command's module when it is called; words that are no command are paths to lint."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `lint` in front of paths and of lint's own options."""
        if not args or (args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version")):
            args = ["lint", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="`agentslint PATH...` is short for `agentslint lint PATH...`; `agentslint lint --help` shows its options.",
)
@click.version_option(__version__, prog_name="agentslint", message="%(prog)s %(version)s")
def agentslint() -> None:
    """Lint what a GitOps repository will run, and point at the line that a person wrote."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 clean, 1 findings, 2 could not do the whole job, 130 interrupted."""
    try:
        status = agentslint.main(args=list(argv) if argv is not None else None, prog_name="agentslint", standalone_mode=False) or 0
    except click.UsageError as error:
        error.show()
        status = 2
    except (click.ClickException, AgentslintError) as error:
        status = _complain(error.message if isinstance(error, click.ClickException) else str(error))
    except (click.Abort, KeyboardInterrupt):
        status = _complain("interrupted") and 130
    except BrokenPipeError:
        status = _complain_nowhere()
    except OSError as error:
        status = _complain(f"{error.filename or 'a file'}: {error.strerror or error}")
    sys.exit(_flushed(status))


def _complain(message: str) -> int:
    with contextlib.suppress(OSError):
        click.echo(f"agentslint: {message}", err=True)
    return 2


def _complain_nowhere() -> int:
    """Nobody reads any more: point standard output elsewhere, so that the interpreter's last flush is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 2


def _flushed(status: int) -> int:
    """A report that did not reach its reader (a full disk) is no report."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _complain_nowhere()
    except OSError as error:
        _complain(f"the report could not be written: {error.strerror}")
        return _complain_nowhere()
    return status
