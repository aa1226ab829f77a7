"""The elements that a generator finds: their parameters, each with its authored place, and how two elements become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.deploy.sets.expansion import Fault, NotJudged, SetPlace
from agentslint.deploy.sets.filling import Parameters
from agentslint.deploy.sets.go_text import printed
from agentslint.deploy.sets.rewrite import FieldChain
from agentslint.places import Pointer


class FoundElement(Struct, frozen=True):
    """One element of a generator."""

    values: Mapping[str, Any]
    place: SetPlace
    places: Mapping[Pointer, SetPlace] = {}
    text_maps: frozenset[FieldChain] = frozenset()

    @property
    def parameters(self) -> Parameters:
        """Its parameters, to fill in templates."""
        return Parameters(self.values, self.text_maps)

    def plus(
        self, values: Mapping[str, Any], places: Mapping[Pointer, SetPlace], text_maps: frozenset[FieldChain] = frozenset()
    ) -> FoundElement:
        """Return it with more parameters."""
        return replace(
            self, values={**self.values, **values}, places={**self.places, **places}, text_maps=self.text_maps | text_maps
        )  # fmt: skip


class Stop(Struct, frozen=True):
    """Why a generator finds nothing: an error of Argo CD, or something that is not judged here."""

    reason: Fault | NotJudged


FoundOutcome = list[FoundElement] | Stop


class MergeError(Exception):
    """Two elements that Argo CD cannot make one."""


def placed(values: Mapping[str, Any], place: SetPlace, text_maps: frozenset[FieldChain] = frozenset()) -> FoundElement:
    """Return an element whose parameters stand below one place."""
    return FoundElement(values, place, {(key,): place.below(key) for key in values}, text_maps)


def merged(base: FoundElement, over: FoundElement) -> FoundElement:
    """Lay the parameters of one element over those of another: mappings are merged, all else is replaced; raises MergeError."""
    places = {**base.places}
    values = _laid_over(base, over, base.values, over.values, (), places)
    kept = {chain for chain in over.text_maps if _at(base.values, chain) is None}
    return FoundElement(values, base.place, places, base.text_maps | kept)


def _laid_over(
    base: FoundElement, over: FoundElement, below: Mapping[str, Any], above: Mapping[str, Any], at: Pointer, places: dict[Pointer, SetPlace]
) -> dict[str, Any]:
    values = dict(below)
    for key, each in above.items():
        here = (*at, key)
        old = values.get(key)
        if isinstance(old, Mapping) and isinstance(each, Mapping):
            if here in base.text_maps and here not in over.text_maps:
                raise MergeError(f"{'.'.join(map(str, here))} holds texts alone in one generator, and values of any kind in another")
            values[key] = _laid_over(base, over, old, each, here, places)
        else:
            values[key] = each
            places[here] = _place_of(over, here)
    return values


def _place_of(found: FoundElement, pointer: Pointer) -> SetPlace:
    for end in range(len(pointer), 0, -1):
        if place := found.places.get(pointer[:end]):
            return place.below(*pointer[end:])
    return found.place


def _at(values: Mapping[str, Any], chain: FieldChain) -> Any:
    here: Any = values
    for key in chain:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def combined(first: FoundElement, second: FoundElement) -> FoundElement:
    """Join parameters in the plain form: one name may not have two values; raises MergeError."""
    values = {key: printed(each) for key, each in first.values.items()}
    for key, each in second.values.items():
        if values.get(key, printed(each)) != printed(each):
            raise MergeError(f"both generators give the parameter {key}: {values[key]} and {printed(each)}")
        values[key] = printed(each)
    return FoundElement(values, first.place, {**second.places, **first.places})
