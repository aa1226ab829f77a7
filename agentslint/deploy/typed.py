"""Reads keys of a deployer's object by the type that the deployer gives them; what has another type is as good as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.places import Pointer, follow


def mapping(owner: Any, key: str) -> Mapping[str, Any]:
    """Return a mapping, empty where there is none."""
    found = owner.get(key) if isinstance(owner, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def sequence(owner: Any, key: str) -> list[Any]:
    """Return a list, empty where there is none."""
    found = owner.get(key) if isinstance(owner, Mapping) else None
    return found if isinstance(found, list) else []


def text(owner: Any, key: str) -> str:
    """Return a scalar as text, "" where there is none."""
    found = owner.get(key) if isinstance(owner, Mapping) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, (str, int, float)) else ""


def texts(owner: Any, key: str) -> list[str]:
    """Return the texts of a list."""
    return [item for item in sequence(owner, key) if isinstance(item, str)]


def flag(owner: Any, key: str) -> bool:
    """Tell whether something is switched on."""
    return isinstance(owner, Mapping) and owner.get(key) is True


def at(body: Any, pointer: Pointer) -> Any:
    """Return the value at a pointer, or None."""
    for step in pointer:
        body = follow(body, step)
    return body
