"""Commands and options; no logic. `agentslint PATH` is `agentslint lint PATH`."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agentslint import __version__
from agentslint.cli import completion
from agentslint.cli.help import CommandListing, examples
from agentslint.cli.interrupt import Interrupted, interruptible
from agentslint.cli.streams import give_up_stdout, open_streams
from agentslint.errors import AgentslintError, UsageError, raised_at

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "lint": "agentslint.cli.lint",
    "diff": "agentslint.cli.diff",
    "targets": "agentslint.cli.targets",
    "images": "agentslint.cli.targets",
    "trace": "agentslint.cli.trace",
    "impact": "agentslint.cli.trace",
    "contract": "agentslint.cli.contract",
    "baseline": "agentslint.cli.baseline",
    "ignore": "agentslint.cli.ignore",
    "rules": "agentslint.cli.rules",
    "explain": "agentslint.cli.rules",
    "config": "agentslint.cli.config",
    "tools": "agentslint.cli.tools",
    "new-rule": "agentslint.cli.rules",
    "test-rule": "agentslint.cli.test_rule",
}


class Commands(CommandListing):
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
        completes = ctx.resilient_parsing
        if (not args and not completes) or (args and args[0] not in (*COMMANDS, "--help", "-h", "--version")):
            if args and not completes:
                _refuse_misspelt(args[0])
            args = ["lint", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command; where there is none that begins so, an option of lint, or a path."""
        found = super().shell_complete(ctx, incomplete)
        lint = self.get_command(ctx, "lint")
        if lint and incomplete.startswith("-"):
            known = {item.value for item in found}
            more = lint.shell_complete(click.Context(lint, parent=ctx, info_name="lint", resilient_parsing=True), incomplete)
            return [*found, *(item for item in more if item.value not in known)]
        return found or completion.paths(ctx, click.Argument(["paths"]), incomplete)


def _refuse_misspelt(word: str) -> None:
    """Name the command that a word was meant to be, where there is neither such a command nor such a path."""
    if word.startswith("-") or os.path.lexists(word):
        return
    import difflib

    close = difflib.get_close_matches(word, [*COMMANDS, "help"], 1, 0.7)
    if close:
        meant = "--help" if close[0] == "help" else close[0]
        raise UsageError(f"{word!r} is neither a command nor a file or folder; did you mean `agentslint {meant}`?")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=examples(
        ("agentslint", "lint the current folder"),
        ("agentslint argocd/ -f sarif", "short for: agentslint lint argocd/ -f sarif"),
        ("agentslint lint rules", "lint a folder that is named like a command"),
        ("agentslint lint --help", "all options of a run"),
        ("agentslint explain require-digest", "a rule: why it exists, and how to fix its findings"),
    ),
)
@click.version_option(__version__, prog_name="agentslint", message="%(prog)s %(version)s")
def agentslint() -> None:
    """Lint the rendered output of a GitOps repository, and point at the authored line."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 clean, 1 findings, 2 could not do the whole job, 130 interrupted."""
    open_streams()
    status = _run(list(sys.argv[1:] if argv is None else argv))
    sys.exit(_flushed(status))


def _run(argv: list[str]) -> int:
    try:
        if completion.is_asked():
            completion.check_shell()
        with interruptible():
            status = agentslint.main(args=argv, prog_name="agentslint", standalone_mode=False)
    except Interrupted as interrupted:
        return _say("interrupted", interrupted.status)
    except click.UsageError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _complain(error.message)
    except AgentslintError as error:
        return _complain(str(error))
    except BrokenPipeError:
        return _complain_nowhere()
    except SystemExit as error:
        return _exit_of_others(error)
    except OSError as error:
        return _complain(_os_error(error))
    except MemoryError:
        return _complain("there is not enough memory")
    except Exception as error:
        return _complain(_bug(error))
    return status or 0


def _complain(message: str) -> int:
    from agentslint.report.escape import visible

    return _say("; ".join(map(visible, message.splitlines())), 2)


def _say(text: str, status: int) -> int:
    """Write one line that needs no escapes. It imports nothing: an import may have been interrupted, and does not bear to be repeated."""
    with contextlib.suppress(OSError):
        print(f"agentslint: {text}", file=sys.stderr, flush=True)
    return status


def _complain_nowhere() -> int:
    """Nobody reads any more: a report that did not reach its reader is no report."""
    give_up_stdout()
    return 2


def _exit_of_others(error: SystemExit) -> int:
    """click exits by itself where nobody reads, behind a wrapper of standard output, and after completing; nobody else should."""
    if completion.is_asked():
        return error.code if isinstance(error.code, int) else 0
    if "PacifyFlushWrapper" in type(sys.stdout).__name__:
        return _complain_nowhere()
    return _complain(f"something ended the run with sys.exit({error.code!r}): check the plugins")


def _os_error(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if not _is_here():
        return "the current folder no longer exists"
    if not _is_of_click(error):
        return f"{_called(error)}: {error.strerror or error} (temporary files are in {_temporary()})"
    give_up_stdout()
    return f"standard output cannot be written: {error.strerror or error}"


def _called(error: OSError) -> str:
    """Name the call that failed: the system does not, where no file is at fault."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_name} ({raised_at(error)}) failed" if place else "a system call failed"


def _is_of_click(error: OSError) -> bool:
    """Help texts are printed by click, which says nothing of where it writes."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    return place is not None and str(place.tb_frame.f_globals.get("__name__")).startswith("click")


def _temporary() -> str:
    import tempfile

    try:
        return tempfile.gettempdir()
    except OSError:
        return "no folder that can be written: set TMPDIR"


def _is_here() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False


def _bug(error: Exception) -> str:
    """Name the place of a mistake of ours, so that a report of it says something."""
    where = raised_at(error)
    return f"internal error: {type(error).__name__}: {error} ({where}); please report it, with the output under AGENTSLINT_TRACEBACK=1"


def _flushed(status: int) -> int:
    """A report that did not reach its reader (a full disk) is no report."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _complain_nowhere()
    except OSError as error:
        _complain(f"standard output cannot be written: {error.strerror}")
        return _complain_nowhere()
    return status
