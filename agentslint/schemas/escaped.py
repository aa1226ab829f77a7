"""Values as the rules of a schema see them: names that CEL cannot write are escaped, numbers have the type of their schema.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#escaping
"""

from __future__ import annotations

import re
from typing import Any

from agentslint.schemas.structure import Schema, field, items, properties

_KEYWORDS = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"),
        *("package", "namespace", "return", "var", "void", "while"),
    )
)
_ESCAPES = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_ESCAPED = re.compile(r"__|[./-]")


def escaped(name: str) -> str:
    """Return the name of a field in a rule."""
    return f"__{name}__" if name in _KEYWORDS else _ESCAPED.sub(lambda found: _ESCAPES[found[0]], name)


def seen(value: Any, schema: Schema | None) -> Any:
    """Return a value with escaped names; free keys stay as they are."""
    if isinstance(value, dict):
        named = properties(schema)
        return {escaped(key) if key in named else key: seen(inner, field(schema, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [seen(item, items(schema)) for item in value]
    if schema is not None and isinstance(value, (int, float)) and not isinstance(value, bool):
        if schema.get("type") == "number":
            return float(value)
        if schema.get("type") == "integer" and float(value).is_integer():
            return int(value)
    return value
