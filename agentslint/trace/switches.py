"""Booleans have no text that could be told from others: one scalar at a time is switched, and the field has to switch with it."""

from __future__ import annotations

from collections.abc import Iterable

from agentslint.model import Field
from agentslint.trace.asked import FieldKey, key
from agentslint.trace.changing import Changing
from agentslint.trace.reading import Segment
from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.sentinel import Sentinel

_ON = frozenset(("true", "yes", "on", "y"))
_OFF = frozenset(("false", "no", "off", "n"))
_TRIED = 4
"""Scalars that are tried for one field."""


def switched(places: Iterable[Field], changing: Changing) -> dict[FieldKey, tuple[Segment, ...]]:
    """Return the scalar that switches each boolean field, as far as one could be found."""
    found: dict[FieldKey, tuple[Segment, ...]] = {}
    for place in places:
        if isinstance(place.value, bool):
            for scalar in _candidates(place, changing.changeable.scalars):
                other = "false" if place.value else "true"
                tainted = changing.tainted([(scalar, Sentinel(scalar.text, other, ()))])
                if tainted and tainted.value(place) is (not place.value):
                    found[key(place)] = (Segment(0, 0, scalar),)
                    break
    return found


def _candidates(place: Field, scalars: Iterable[AuthoredScalar]) -> list[AuthoredScalar]:
    """Scalars with the same value under the same key, those with the most keys in common first."""
    words = _ON if place.value else _OFF
    path = [step for step in place.pointer if isinstance(step, str)]
    same = [scalar for scalar in scalars if scalar.style == "plain" and scalar.text.lower() in words and scalar.key == path[-1]]
    return sorted(same, key=lambda scalar: -len(set(path).intersection(map(str, scalar.key_path))))[:_TRIED]
