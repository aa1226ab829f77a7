"""The type of an unquoted scalar for the renderers: a boolean, a number, null, or text.

kustomize and helm read YAML with sigs.k8s.io/yaml, which is go.yaml.in/yaml/v2: YAML 1.1's booleans, octal numbers
with a leading zero, no sexagesimal numbers, and timestamps that stay text.
"""

from __future__ import annotations

import math
import re

from agentslint.yamlread.nodes import ScalarNode

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST_INTEGER = 67
"""0b and 64 digits with a sign; Python refuses to read very long ones."""
_NUMERIC = frozenset("0123456789+-.")


def resolve(node: ScalarNode) -> str | bool | int | float | None:
    """Return what a scalar stands for; a quoted one and one tagged `!!str` is its text."""
    tag = node.tag
    if (node.style != "plain" and tag is None) or (tag is not None and not tag.startswith("tag:yaml.org,2002:")):
        return node.text
    if tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:binary"):
        return node.text
    return _plain(node.text)


def key_text(node: ScalarNode) -> str:
    """Return a key as JSON writes it: `on` is the key "true", 0x10 the key "16" (a number with a point stays as it is written)."""
    key = resolve(node)
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if isinstance(key, int) else node.text


def _plain(text: str) -> str | bool | int | float | None:
    if text[:1] in _NUMERIC and text:
        return _number(text)
    return _WORDS.get(text, text)


def _number(text: str) -> str | bool | int | float | None:
    if text in _WORDS:
        return _WORDS[text]
    digits = text if text[0] == "." else text.replace("_", "")
    if len(digits) <= _LONGEST_INTEGER and _INTEGER.fullmatch(digits):
        integer = _integer(digits)
        if -(2**63) <= integer < 2**64:
            return integer
    number = float(digits) if _FLOAT.fullmatch(digits) else math.inf
    return text if math.isinf(number) else number


def _integer(digits: str) -> int:
    """Read an integer as Go does with base 0: 0x, 0b, 0o, and octal after a leading zero."""
    bare = digits.lstrip("+-")
    octal = len(bare) > 1 and bare[0] == "0" and bare[1].isdigit()
    return int(digits, 8) if octal else int(digits, 0)
