"""Reads YAML: authored files with guards and positions, the output of a renderer fast.

`compose` -> nodes with positions; `value` and `scalars` look at them; `load_trusted` skips the positions.
"""

from __future__ import annotations

from agentslint.yamlread.compose import compose
from agentslint.yamlread.nodes import BLOCKS, ONE_LINE, MappingNode, Node, ScalarNode, SequenceNode, YamlError
from agentslint.yamlread.plain_values import pairs, value
from agentslint.yamlread.scalars import Scalar, empty_collections, node_at, region_at, scalars, text_at
from agentslint.yamlread.trusted import load_trusted

__all__ = [
    "BLOCKS",
    "ONE_LINE",
    "MappingNode",
    "Node",
    "Scalar",
    "ScalarNode",
    "SequenceNode",
    "YamlError",
    "compose",
    "empty_collections",
    "load_trusted",
    "node_at",
    "pairs",
    "region_at",
    "scalars",
    "text_at",
    "value",
]
