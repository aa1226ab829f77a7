"""The configuration: its keys, its file, and its errors."""

from agentslint.config.load import FILE, Loaded, check_ignored_rules, convert, load
from agentslint.config.schema import AssertMatch, AssertTable, Config, Environment, Group, Ignore, Members, RuleSettings

__all__ = [
    "FILE",
    "AssertMatch",
    "AssertTable",
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
