"""Parses the output of a renderer, as fast as possible."""

from __future__ import annotations

import re
from typing import Any

from agentslint.yamlread.compose import compose
from agentslint.yamlread.nodes import YamlError
from agentslint.yamlread.plain_values import value

_HUGE = re.compile(r"[:-] +[-+]?[0-9.]+(?:[eE][-+]?[0-9]{3,}|[0-9]{308})[ \t]*$", re.M)
"""A number beyond a float: to Go it is text, which needs no quotes."""
_DEEP = re.compile(r"\n[ \t?:-]{400}")
_WHERE = re.compile(r"(?:YAML parse error: )?(.*?)(?: at byte \d+)? line (\d+) column (\d+)$", re.S)


def load_trusted(text: str) -> Any:
    """Return the one document of `text` as plain objects, with YAML 1.2's types; raises YamlError.

    The fast parser expands aliases without bound, ends the process on deep nesting and wraps tagged values. kustomize prints
    none of these; where something looks like it, the guarded reader takes over.
    """
    text = text.removeprefix("\ufeff")
    if _suspicious(text):
        return _guarded(text)
    import yaml12

    try:
        return yaml12.parse_yaml(text)
    except ValueError as error:
        raise _error(str(error)) from None


def _suspicious(text: str) -> bool:
    return bool(("&" in text and _begins_node(text, "*")) or _begins_node(text, "!") or _HUGE.search(text) or _DEEP.search("\n" + text))


def _begins_node(text: str, indicator: str) -> bool:
    """Tell whether `indicator` stands where a node may begin: a block scalar's text may look like it, which does no harm."""
    at = text.find(indicator)
    while at >= 0:
        before = text[text.rfind("\n", 0, at) + 1 : at].rstrip(" \t")
        if (not before or before[-1] in "-?:,[{") and not text[at + 1 : at + 2].isspace():
            return True
        at = text.find(indicator, at + 1)
    return False


def _guarded(text: str) -> Any:
    documents = compose(text)
    return value(documents[0]) if documents else None


def _error(message: str) -> YamlError:
    match = _WHERE.match(message)
    if match is None:
        return YamlError(message, 1, 1)
    return YamlError(match.group(1), int(match.group(2)), int(match.group(3)))
