"""Go templates that only print parameters, `apps/{{ .name }}`: most are like that, and need no engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from agentslint.deploy.sets.go_text import printed

_ACTION = re.compile(r"\{\{[ \t]*((?:\.[A-Za-z_]\w*)+)[ \t]*\}\}")
_MISSING = object()


class MissingError(Exception):
    """A key that is not there; the text is its name."""


@lru_cache(maxsize=1024)
def pieces(template: str) -> tuple[str | tuple[str, ...], ...] | None:
    """Return the texts and the chains of fields of a template; None where it does more than print fields."""
    found: list[str | tuple[str, ...]] = []
    at = 0
    for action in _ACTION.finditer(template):
        if template.endswith("{", 0, action.start()):
            return None
        found += [template[at : action.start()], tuple(action[1][1:].split("."))]
        at = action.end()
    found.append(template[at:])
    return None if any(isinstance(each, str) and "{{" in each for each in found) else tuple(found)


def filled_in(found: tuple[str | tuple[str, ...], ...], values: Mapping[str, Any]) -> str | None:
    """Return the text of a template; None for what an engine has to tell (nothing is printed there). Raises MissingError."""
    written = []
    for each in found:
        value = each if isinstance(each, str) else _field(each, values)
        if value is None:
            return None
        written.append(value if isinstance(value, str) else printed(value))
    return "".join(written)


def _field(chain: tuple[str, ...], values: Mapping[str, Any]) -> Any:
    here: Any = values
    for name in chain:
        if not isinstance(here, Mapping):
            return None
        here = here.get(name, _MISSING)
        if here is _MISSING:
            raise MissingError(name)
    return here
