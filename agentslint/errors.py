"""The errors that end a run; every other failure travels as a result."""

from __future__ import annotations


class AgentslintError(Exception):
    """Ends the run with exit status 2 and this one message: what, where, what to do."""


class UsageError(AgentslintError):
    """The command line or the configuration asks for something that cannot be done."""


class PluginError(AgentslintError):
    """A plugin could not be loaded, or two plugins collide."""
