"""The list generator: elements that stand in the set itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.sets.expansion import SetPlace
from agentslint.deploy.sets.found import FoundElement, FoundOutcome, Stop, placed
from agentslint.deploy.sets.generator_call import GeneratorCall, SetContext
from agentslint.deploy.sets.types import word
from agentslint.places import Pointer
from agentslint.yamlread import YamlError, compose, value


def listed(context: SetContext, asked: GeneratorCall) -> FoundOutcome:
    """Return the elements of a list generator."""
    elements = asked.settings.get("elements") or []
    if not isinstance(elements, list):
        return asked.fault(f"elements must be a list; it is {word(elements)}", "elements")
    found: list[FoundElement] = []
    for number, element in enumerate(elements):
        if not isinstance(element, Mapping):
            return asked.fault(f"an element must be a mapping; it is {word(element)}", "elements", number)
        place = asked.place("elements", number)
        made = placed(element, place) if context.go else _plain(asked, element, place, number)
        if isinstance(made, Stop):
            return made
        found.append(made)
    more = _from_text(asked)
    return more if isinstance(more, Stop) else found + more


def _plain(asked: GeneratorCall, element: Mapping[str, Any], place: SetPlace, number: int) -> FoundElement | Stop:
    """Without Go templates, parameters are texts, and `values` is the only mapping."""
    values: dict[str, Any] = {}
    places: dict[Pointer, SetPlace] = {}
    for key, each in element.items():
        if key == "values" and not isinstance(each, Mapping):
            return asked.fault(f"values must be a mapping without goTemplate: it is {word(each)}", "elements", number, key)
        inner = {(key, name): item for name, item in each.items()} if key == "values" else {(key,): each}
        for steps, item in inner.items():
            if not isinstance(item, str):
                message = f"{'.'.join(steps)} must be text without goTemplate: it is {word(item)}; put it in quotes"
                return asked.fault(message, "elements", number, *steps)
            name = ".".join(steps)
            values[name], places[(name,)] = item, place.below(*steps)
    return FoundElement(values, place, places)


def _from_text(asked: GeneratorCall) -> list[FoundElement] | Stop:
    text = asked.settings.get("elementsYaml") or ""
    try:
        documents = compose(text, duplicate_keys=True)
    except YamlError as error:
        return asked.fault(f"elementsYaml is no YAML: line {error.line}: {error.message}", "elementsYaml")
    items = value(documents[0]) if documents else None
    if not isinstance(items, list | None) or not all(isinstance(each, Mapping | None) for each in items or ()):
        return asked.fault("elementsYaml must be a list of mappings", "elementsYaml")
    base = asked.place("elementsYaml")
    return [placed(each or {}, SetPlace("", base.pointer, 0, (number,))) for number, each in enumerate(items or ())]
