"""The configuration: what it can say, where it is found, what is wrong with it."""

from agentslint.config.load import FILE, Loaded, convert, load
from agentslint.config.schema import Config, Environment, Group, Ignore, RuleSettings

__all__ = ["FILE", "Config", "Environment", "Group", "Ignore", "Loaded", "RuleSettings", "convert", "load"]
