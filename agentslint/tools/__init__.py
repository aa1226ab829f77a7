"""The renderers kustomize and helm: finding, checking and installing them."""

from __future__ import annotations

from agentslint.tools.ask import version_text
from agentslint.tools.inspection import inspect, inspect_together
from agentslint.tools.lookup import locate
from agentslint.tools.overview import describe
from agentslint.tools.tool import NAMES, VARIABLES, Tool, ToolError, ToolName

__all__ = [
    "NAMES",
    "VARIABLES",
    "Tool",
    "ToolError",
    "ToolName",
    "describe",
    "inspect",
    "inspect_together",
    "locate",
    "version_text",
]  # fmt: skip
