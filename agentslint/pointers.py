"""Ways through a document that stay when it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.model import Pointer


def by_name(body: Any, pointer: Pointer) -> Pointer:
    """Write list items by their names, where they have one: an inserted item must not move what comes after it."""
    steps: list[str | int] = []
    for step in pointer:
        item = follow(body, step)
        name = name_of(item) if isinstance(step, int) else ""
        steps.append(f"[{name}]" if name else step)
        body = item
    return tuple(steps)


def name_of(item: Any) -> str:
    """Return what tells an item of a list from others: its `name`, else its `path`, or what a patch is for; empty where nothing does."""
    if not isinstance(item, Mapping):
        return ""
    patched = item.get("target")
    target = f"{patched.get('kind', '*')}/{patched.get('name', '*')}" if isinstance(patched, Mapping) else None
    return next((name for name in (item.get("name"), item.get("path"), target) if isinstance(name, str)), "")


def follow(body: Any, step: str | int) -> Any:
    """Return what stands one step further, or None where nothing does."""
    if isinstance(body, Mapping):
        return body.get(step)
    if isinstance(body, list) and isinstance(step, int) and step < len(body):
        return body[step]
    return None
