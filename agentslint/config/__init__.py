"""The configuration: its keys, its file, and its errors."""

from agentslint.config.config_layer import ConfigLayer, convert
from agentslint.config.extends import Presets
from agentslint.config.load import FILE, Loaded, check_named_rules, load
from agentslint.config.schema import (
    AssertMatch,
    AssertTable,
    Config,
    Environment,
    Group,
    Ignore,
    Members,
    RuleSettings,
    Scenario,
    ScenarioAssert,
)

__all__ = [
    "FILE",
    "AssertMatch",
    "AssertTable",
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
    "ScenarioAssert",
    "check_named_rules",
    "convert",
    "load",
]
