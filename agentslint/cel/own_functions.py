"""The functions that neither CEL nor Kubernetes has."""

from __future__ import annotations

import json
from typing import Any

from agentslint.cel.kubernetes_functions import Function


def to_json(value: Any) -> str:
    """Return a value as JSON, as Python's `json.dumps` writes it: for its size, and to look for a text anywhere in it."""
    return json.dumps(value, default=str)


OWN_FUNCTIONS = (Function("toJson", ("any",), "string", to_json, is_method=False),)
