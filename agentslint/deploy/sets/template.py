"""The template of an ApplicationSet: a generator's own one lies over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.sets.types import Type, fitted, resolved
from agentslint.places import Pointer

APPLICATION = "@application"
_EMPTY: tuple[object, ...] = (None, "", False, 0, [], {})


def template_of(own: Any, base: Any) -> dict[str, Any]:
    """Return the template for the elements of a generator: where its own one leaves a field empty, the set's counts."""
    laid: dict[str, Any] = _filled_up(fitted(own, APPLICATION) or {}, fitted(base, APPLICATION) or {}, APPLICATION)
    return laid


def _filled_up(own: Any, base: Any, kind: Type) -> Any:
    kind = resolved(kind)
    of_texts = isinstance(kind, list) and kind[0] == "map"
    if isinstance(own, Mapping) and isinstance(base, Mapping) and (isinstance(kind, Mapping) or of_texts):
        keys = dict.fromkeys((*own, *base))
        return {key: _filled_up(own.get(key), base.get(key), kind[1] if of_texts else kind.get(key, "any")) for key in keys}
    return base if own in _EMPTY and base is not None else own


def written_at(own: Any, pointer: Pointer) -> bool:
    """Tell whether a generator's own template decides a field."""
    here = own
    for step in pointer:
        if isinstance(here, Mapping):
            here = here.get(step)
        else:
            here = here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else None
    return here not in _EMPTY
