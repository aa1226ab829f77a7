"""The constraints of a chart's `values.schema.json` on a single value: its allowed words and patterns.

Read only after a changed render was refused. Of JSON Schema (draft 7, which helm checks values against) those keywords are looked at
that can refuse another text of the same kind: `enum`, `const`, `pattern`, `minLength`, `maxLength`, `minimum` and `maximum`, and
`$ref` within the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.model import Pointer

_DEEPEST = 50


class Schemas:
    """The schemas of a target's local charts, by the value paths that they cover."""

    def __init__(self, changeable: ChangeableScalars) -> None:
        self._changeable = changeable

    def takes(self, scalar: AuthoredScalar, text: str) -> bool:
        """Tell whether every schema takes another text for a scalar."""
        return all(_takes(rule, text) for rule in self._rules(scalar))

    def choices(self, scalar: AuthoredScalar) -> list[str]:
        """Return the other words that a schema lists for a scalar; empty where it lists none."""
        listed = [str(word) for rule in self._rules(scalar) for word in rule.get("enum", ()) if isinstance(word, (str, int, float))]
        return [word for word in dict.fromkeys(listed) if word != scalar.text and self.takes(scalar, word)]

    def _rules(self, scalar: AuthoredScalar) -> list[Mapping[str, Any]]:
        return [rule for prefix, schema in self._schemas for rule in _at(schema, _below(_value_path(scalar.key_path), prefix))]

    @cached_property
    def _schemas(self) -> list[tuple[Pointer, Any]]:
        """Each schema with the path under which its chart's values stand: a chart in a chart has them under its name."""
        found: list[tuple[Pointer, Any]] = []
        root = self._changeable.target.root
        for folder in self._changeable.charts:
            for path in [root / folder / "values.schema.json", *sorted((root / folder).glob("charts/**/values.schema.json"))]:
                inner = path.relative_to(root / folder).parts[:-1]
                try:
                    found.append((tuple(inner[1::2]), json.loads(files.read_in(root, path, files.KUSTOMIZATION))))
                except (OSError, ValueError, RecursionError):
                    continue
        return found


def _value_path(key_path: Pointer) -> Pointer:
    """The path of a value in a chart's values: a values file has nothing around it, `valuesInline` has."""
    return key_path[key_path.index("valuesInline") + 1 :] if "valuesInline" in key_path else key_path


def _below(path: Pointer, prefix: Pointer) -> Pointer | None:
    return path[len(prefix) :] if path[: len(prefix)] == prefix else None


def _at(schema: Any, path: Pointer | None) -> Iterator[Mapping[str, Any]]:
    """Yield the parts of a schema for the value at a path; nothing if it has none."""
    if path is None:
        return
    waiting = [(schema, path, 0)]
    while waiting:
        node, rest, depth = waiting.pop()
        if not isinstance(node, Mapping) or depth > _DEEPEST:
            continue
        if isinstance(reference := node.get("$ref"), str) and reference.startswith("#"):
            waiting.append((_resolved(schema, reference), rest, depth + 1))
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting += [(each, rest, depth + 1) for each in node.get(keyword, ()) if keyword == "allOf" or "enum" not in each]
        if not rest:
            yield node
        elif isinstance(rest[0], str) and not rest[0].startswith("["):
            properties = node.get("properties")
            waiting.append((properties.get(rest[0]) if isinstance(properties, Mapping) else None, rest[1:], depth + 1))
        else:
            waiting.append((node.get("items"), rest[1:], depth + 1))


def _resolved(schema: Any, reference: str) -> Any:
    node = schema
    for step in reference.lstrip("#/").split("/") if reference.strip("#/") else ():
        node = node.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
    return node


def _takes(rule: Mapping[str, Any], text: str) -> bool:
    words = rule.get("enum") or ([rule["const"]] if "const" in rule else None)
    if words is not None and text not in map(str, words):
        return False
    if isinstance(pattern := rule.get("pattern"), str) and not _matches(pattern, text):
        return False
    if text.isdigit() and not rule.get("minimum", int(text)) <= int(text) <= rule.get("maximum", int(text)):
        return False
    return bool(rule.get("minLength", 0) <= len(text) <= rule.get("maxLength", len(text)))


def _matches(pattern: str, text: str) -> bool:
    """Go's patterns are close enough to Python's; one that is not refuses nothing here."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True
