"""Ways through a document that stay when it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.model import Pointer


def by_name(body: Any, pointer: Pointer) -> Pointer:
    """Write list items by their `name`, where they have one: an inserted item must not move what comes after it."""
    steps: list[str | int] = []
    for step in pointer:
        item = follow(body, step)
        name = item.get("name") if isinstance(step, int) and isinstance(item, Mapping) else None
        steps.append(f"[{name}]" if isinstance(name, str) else step)
        body = item
    return tuple(steps)


def follow(body: Any, step: str | int) -> Any:
    """Return what stands one step further, or None where nothing does."""
    if isinstance(body, Mapping):
        return body.get(step)
    if isinstance(body, list) and isinstance(step, int) and step < len(body):
        return body[step]
    return None
