"""Paths into documents, as the table of custom resources writes them: `spec.images[].image`, `spec.nodes.*.image`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from agentslint.model import Pointer

PathSteps = tuple[str, ...]

EACH_ITEM = "[]"
ANY_KEY = "*"
_STEP = re.compile(r"([^.\[\]*]+|\*)((?:\[\])*)")


@lru_cache(maxsize=1024)
def parse_path(path: str) -> PathSteps:
    """Split a path into steps: keys, `[]` for every item of a list, `*` for every key; raises ValueError on other brackets."""
    steps: list[str] = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ValueError(f"'{path}' is not a path: use keys joined by dots, with [] after each list")
        steps.append(match[1])
        steps.extend(EACH_ITEM for _ in range(len(match[2]) // 2))
    return tuple(steps)


def follow(node: Any, steps: PathSteps, base: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Yield every place that `steps` lead to from `node`, with its pointer after `base`. Values of another shape are skipped."""
    if not steps:
        yield base, node
        return
    step, rest = steps[0], steps[1:]
    if step == EACH_ITEM:
        for index, item in enumerate(node if isinstance(node, list) else ()):
            yield from follow(item, rest, (*base, index))
    elif isinstance(node, Mapping):
        for key in _keys(node, step):
            yield from follow(node[key], rest, (*base, key))


def leads_somewhere(node: Any, steps: PathSteps) -> bool:
    """Tell whether `steps` lead to anything that is set (null is not)."""
    return any(value is not None for _, value in follow(node, steps))


def _keys(node: Mapping[Any, Any], step: str) -> Iterator[str]:
    if step == ANY_KEY:
        yield from (key for key in node if isinstance(key, str))
    elif step in node:
        yield step
