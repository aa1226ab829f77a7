"""The template of an ApplicationSet: a generator's own one lies over it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint.deploy.sets.expansion import SetPlace
from agentslint.deploy.sets.found import FoundElement
from agentslint.deploy.sets.templated import Text, static, texts
from agentslint.deploy.sets.types import Type, fitted, resolved
from agentslint.places import Pointer, follow

APPLICATION = "@application"
_TEMPLATE: Pointer = ("spec", "template")
_EMPTY: tuple[object, ...] = (None, "", False, 0, [], {})


class Template(Struct, frozen=True, dict=True):
    """The template for the elements of a generator, and where each field of it is written."""

    body: Mapping[str, Any]
    own: Any = None
    own_pointer: Pointer = ()

    @classmethod
    def of(cls, base: Any, own: Any, own_pointer: Pointer) -> Template:
        """Return the template for a generator: where its own one leaves a field empty, the set's counts."""
        return cls(_filled_up(fitted(own, APPLICATION) or {}, fitted(base, APPLICATION) or {}, APPLICATION), own, own_pointer)

    @cached_property
    def texts(self) -> list[Text]:
        """The strings that are filled in."""
        return [each for each in texts(self.body, APPLICATION) if "{{" in each.text]

    @cached_property
    def static(self) -> frozenset[int]:
        """The parts in which nothing is filled in."""
        return frozenset(static(self.body, APPLICATION))

    def place(self, pointer: Pointer) -> SetPlace:
        """Return where a field of the template is written."""
        here = self.own
        for step in pointer:
            here = follow(here, step)
        return SetPlace("", (*(_TEMPLATE if here in _EMPTY else self.own_pointer), *pointer))


class Wanted(Struct, frozen=True):
    """An element of a generator with its template."""

    found: FoundElement
    generator: Pointer
    template: Template


def _filled_up(own: Any, base: Any, kind: Type) -> Any:
    kind = resolved(kind)
    of_texts = isinstance(kind, list) and kind[0] == "map"
    if isinstance(own, Mapping) and isinstance(base, Mapping) and (isinstance(kind, Mapping) or of_texts):
        keys = dict.fromkeys((*own, *base))
        return {key: _filled_up(own.get(key), base.get(key), kind[1] if of_texts else kind.get(key, "any")) for key in keys}
    return base if own in _EMPTY and base is not None else own
