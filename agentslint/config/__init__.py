"""The configuration: its keys, its file, and its errors."""

from agentslint.config.config_layer import ConfigLayer, convert
from agentslint.config.extends import Presets
from agentslint.config.load import FILE, Loaded, check_ignored_rules, load
from agentslint.config.schema import Config, Environment, Group, Ignore, Members, RuleSettings, Scenario

__all__ = [
    "FILE",
    "Config",
    "ConfigLayer",
    "Environment",
    "Group",
    "Ignore",
    "Loaded",
    "Members",
    "Presets",
    "RuleSettings",
    "Scenario",
    "check_ignored_rules",
    "convert",
    "load",
]
