"""The second generator of a matrix, filled in with the parameters of each element of the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentslint.deploy.sets.filling import Filled, Filler
from agentslint.deploy.sets.found import FoundElement, Stop
from agentslint.deploy.sets.generator_call import GeneratorCall, stopped
from agentslint.deploy.sets.templated import Filling, Text, texts
from agentslint.places import Pointer

_GENERATOR = "@generator"


def interpolated(
    filler: Filler, wanted: Sequence[tuple[Mapping[str, Any], FoundElement]], pointer: Pointer
) -> list[Mapping[str, Any] | Stop]:
    """Fill in generators with the parameters of elements, all of them at once."""
    collected = [list(texts(item, _GENERATOR, pointer)) if found.values else [] for item, found in wanted]
    flat = [(each, found) for here, (_, found) in zip(collected, wanted, strict=True) for each in here]
    # A key that is missing in `values` may be one that the generator itself will find: it is asked for strictly, and stays.
    answers = {
        value: iter(filler.fill([(each.text, found.parameters) for each, found in flat if each.value is value], strict=value))
        for value in (False, True)
    }
    return [
        _filled_in(item, [(each, next(answers[each.value])) for each in here])
        for here, (item, _) in zip(collected, wanted, strict=True)
    ]  # fmt: skip


def _filled_in(item: Mapping[str, Any], filled: Sequence[tuple[Text, Filled]]) -> Mapping[str, Any] | Stop:
    known: dict[str, str] = {}
    for each, answer in filled:
        if answer.text is None and not (each.value and answer.missing):
            return stopped(GeneratorCall("matrix", {}, ()), answer.error, answer.not_judged, each.shown, *each.pointer)
        known[each.text] = each.text if answer.text is None else answer.text
    made: Mapping[str, Any] = Filling(lambda text: known.get(text, text)).put_back(item, _GENERATOR)
    return made
