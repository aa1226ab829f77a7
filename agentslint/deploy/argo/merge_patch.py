"""JSON Merge Patch (RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(under: Any, patch: Any) -> Any:
    """Return a value with a patch laid over it: mappings merge, a null deletes, everything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(under) if isinstance(under, Mapping) else {}
    for key, item in patch.items():
        if item is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), item)
    return result
