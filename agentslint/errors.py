"""The errors that end a run; every other failure travels as a result."""

from __future__ import annotations

import os


class AgentslintError(Exception):
    """Ends the run with exit status 2 and this one message: the mistake, its place, and the remedy."""


class UsageError(AgentslintError):
    """The command line or the configuration asks for something that cannot be done."""


class PluginError(AgentslintError):
    """A plugin could not be loaded, or two plugins collide."""


def raised_at(error: BaseException) -> str:
    """Name the place of a mistake of ours or of a plugin's; the whole trace goes to standard error for those who ask for it."""
    import traceback

    if os.environ.get("AGENTSLINT_TRACEBACK"):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rpartition(os.sep)[2]}:{last.lineno}"


def trail(error: BaseException) -> str:
    """Return the details of an internal error: a traceback is shown only on request."""
    return f"raised at {raised_at(error)}; AGENTSLINT_TRACEBACK=1 shows the traceback"
