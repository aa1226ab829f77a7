"""The configuration: what it can say, where it is found, what is wrong with it."""

from agentslint.config.load import FILE, Loaded, convert, load
from agentslint.config.names import check_ignored_rules
from agentslint.config.schema import Config, Environment, Group, Ignore, Members, RuleSettings

__all__ = [
    "FILE",
    "Config",
    "Environment",
    "Group",
    "Ignore",
    "Loaded",
    "Members",
    "RuleSettings",
    "check_ignored_rules",
    "convert",
    "load",
]
