"""The way of each field of an Application: the template's scalar, and the parameters that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.deploy.sets.expansion import Derivation, Element, SetPlace
from agentslint.deploy.sets.filling import Filler
from agentslint.deploy.sets.template import APPLICATION, Template
from agentslint.deploy.sets.templated import Filling
from agentslint.places import Pointer, follow

_PATCH: Pointer = ("spec", "templatePatch")


def derivations(
    element: Element, template: Template, known: Mapping[str, str], filler: Filler, written: str, patch: Mapping[str, Any]
) -> dict[Pointer, Derivation]:
    """Return the derivation of each scalar of an element's Application; the patch, as `written`, decides what it names."""
    found: dict[Pointer, Derivation] = {}

    def note(new: Pointer, old: Pointer) -> None:
        here: Any = template.body
        for step in old:
            here = follow(here, step)
        found[new] = Derivation(template.place(old), _named(element, filler, here) if isinstance(here, str) else {})

    Filling(lambda text: known.get(text, text), note=note).put_back(template.body, APPLICATION)
    for pointer in _scalars(patch):
        found[pointer] = Derivation(SetPlace("", _PATCH, 0, pointer), _named(element, filler, written))
    return found


def _named(element: Element, filler: Filler, text: str) -> dict[Pointer, SetPlace]:
    """Return the parameters that a text names and that the element has."""
    named = (name for name in filler.names_in(text) if _has(element.parameters, name))
    return {name: element.place_of(name) for name in named}


def _has(parameters: Any, name: Pointer) -> bool:
    here = parameters
    for step in name:
        if not isinstance(here, Mapping) or step not in here:
            return False
        here = here[step]
    return True


def _scalars(patch: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    if isinstance(patch, (Mapping, list)):
        for key, each in patch.items() if isinstance(patch, Mapping) else enumerate(patch):
            yield from _scalars(each, (*pointer, key))
    else:
        yield pointer
