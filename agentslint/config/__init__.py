"""The configuration: its keys, its file, and its errors."""

from agentslint.config.extends import Presets
from agentslint.config.layer import Layer, convert
from agentslint.config.load import FILE, Loaded, check_ignored_rules, load
from agentslint.config.schema import Config, Environment, Group, Ignore, Members, RuleSettings

__all__ = [
    "FILE",
    "Config",
    "Environment",
    "Group",
    "Ignore",
    "Layer",
    "Loaded",
    "Members",
    "Presets",
    "RuleSettings",
    "check_ignored_rules",
    "convert",
    "load",
]
