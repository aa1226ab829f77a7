"""Generators -> their elements. Those that are asked for the same thing are asked together: that costs one call of helm."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentslint.deploy.sets.clusters import clusters, flattened
from agentslint.deploy.sets.expansion import SwitchedOff
from agentslint.deploy.sets.found import FoundElement, FoundOutcome, MergeError, Stop, combined, merged
from agentslint.deploy.sets.from_git import from_git
from agentslint.deploy.sets.generator_call import KINDS, MOST, OUTSIDE, GeneratorCall, SetContext, with_values
from agentslint.deploy.sets.go_text import flat, printed
from agentslint.deploy.sets.interpolation import interpolated
from agentslint.deploy.sets.list_elements import listed
from agentslint.deploy.sets.selectors import SelectorError, matches, requirements
from agentslint.places import Pointer

_FEW = 3
"""Elements of the first generator of a matrix up to which the second one is simply asked for each of them."""
_DEEPEST = 1
"""How many matrices and merges may be around one."""
ItemPair = tuple[Mapping[str, Any], Mapping[str, Any]]
"""An item of a list of generators as it is written, where its selector counts, and filled in."""
_FINDERS: Mapping[str, Callable[[SetContext, GeneratorCall], FoundOutcome]] = {"list": listed, "git": from_git, "clusters": clusters}


class Generators:
    """The generators of one set; `switched_off` are elements that selectors leave out."""

    def __init__(self, context: SetContext) -> None:
        self._context = context
        self.switched_off: list[SwitchedOff] = []

    def find(self, item: Mapping[str, Any], pointer: Pointer) -> list[tuple[str, FoundOutcome]]:
        """Return what each kind of generator in an item of the list finds."""
        kinds = _kinds(item)
        if not kinds:
            return [("", GeneratorCall("", {}, pointer).fault("it names no generator that Argo CD knows"))]
        return [(kind, self._transformed(kind, [(item, item)], pointer, 0)[0]) for kind in kinds]

    def _transformed(self, kind: str, items: Sequence[ItemPair], pointer: Pointer, depth: int) -> list[FoundOutcome]:
        """Ask one kind in an item, which may be filled in several times."""
        outcomes = self._asked([GeneratorCall(kind, filled.get(kind) or {}, (*pointer, kind), depth) for _, filled in items])
        return [self._selected(written.get("selector"), each, pointer) for (written, _), each in zip(items, outcomes, strict=True)]

    def _asked(self, asked: list[GeneratorCall]) -> list[FoundOutcome]:
        kind = asked[0].kind if asked else ""
        if kind in OUTSIDE:
            return [each.not_judged(OUTSIDE[kind]) for each in asked]
        if kind == "matrix":
            return self._matrices(asked)
        if kind == "merge":
            return [self._merge(each) for each in asked]
        if not asked:
            return []
        found = with_values(self._context, asked, [_FINDERS[kind](self._context, each) for each in asked])
        return [flattened(each, outcome) for each, outcome in zip(asked, found, strict=True)]

    def _selected(self, selector: Mapping[str, Any] | None, outcome: FoundOutcome, pointer: Pointer) -> FoundOutcome:
        if selector is None:
            return outcome
        try:
            wanted = requirements(selector)
        except SelectorError as error:
            return GeneratorCall("", {}, pointer).fault(str(error), "selector")
        if isinstance(outcome, Stop):
            return outcome
        kept: list[FoundElement] = []
        for found in outcome:
            if matches(wanted, {key: printed(each) for key, (each, _) in flat(found.values).items()}):
                kept.append(found)
            else:
                self.switched_off.append(SwitchedOff(found.values, found.place, "a selector leaves it out"))
        return kept

    def _children(self, items: Sequence[ItemPair], pointer: Pointer, depth: int) -> list[FoundOutcome]:
        """Ask a generator inside of a matrix or a merge."""
        if not items:
            return []
        kinds = [kind for kind in _kinds(items[0][0]) if depth <= _DEEPEST or kind not in ("matrix", "merge")]
        if len(kinds) == 1:
            return self._transformed(kinds[0], items, pointer, depth)
        message = "a generator may stand for one kind only here" if kinds else "it names no generator that Argo CD knows here"
        return [GeneratorCall("", {}, pointer).fault(message)] * len(items)

    def _matrices(self, asked: list[GeneratorCall]) -> list[FoundOutcome]:
        """Matrices that were filled in from the same text: the second generator of each is filled in by each element of the first."""
        members = [each.settings.get("generators") or [] for each in asked]
        if len(members[0]) != 2:
            message = f"a matrix needs two generators; it has {len(members[0])}"
            return [each.fault(message, "generators") for each in asked]
        pointer, depth = (*asked[0].pointer, "generators"), asked[0].depth + 1
        firsts = self._children([(first, first) for first, _ in members], (*pointer, 0), depth)
        pairs = [(number, found) for number, first in enumerate(firsts) if isinstance(first, list) for found in first]
        if self._is_too_large(members, pairs, (*pointer, 1), depth):
            return [each.not_judged(f"it has more than {MOST} elements") for each in asked]
        seconds = interpolated(self._context.filler, [(members[number][1], found) for number, found in pairs], (*pointer, 1))
        written = [members[number][1] for number, _ in pairs]
        usable = [(item, each) for item, each in zip(written, seconds, strict=True) if not isinstance(each, Stop)]
        answers = iter(self._children(usable, (*pointer, 1), depth))
        results: list[FoundOutcome] = [first if isinstance(first, Stop) else [] for first in firsts]
        for (number, found), second in zip(pairs, seconds, strict=True):
            answer = second if isinstance(second, Stop) else next(answers)
            results[number] = self._joined(asked[number], results[number], found, answer)
        return results

    def _is_too_large(self, members: Sequence[Any], pairs: Sequence[tuple[int, FoundElement]], pointer: Pointer, depth: int) -> bool:
        """Tell, from what the second generator finds for one element of the first, whether a matrix has too many elements."""
        if len(pairs) <= _FEW or len(pairs) > MOST:
            return len(pairs) > MOST
        second, before = members[pairs[0][0]][1], len(self.switched_off)
        filled = interpolated(self._context.filler, [(second, pairs[0][1])], pointer)[0]
        found: FoundOutcome = filled if isinstance(filled, Stop) else self._children([(second, filled)], pointer, depth)[0]
        del self.switched_off[before:]
        return isinstance(found, list) and len(found) * len(pairs) > 2 * MOST

    def _joined(self, asked: GeneratorCall, so_far: FoundOutcome, first: FoundElement, second: FoundOutcome) -> FoundOutcome:
        if isinstance(so_far, Stop) or isinstance(second, Stop):
            return so_far if isinstance(so_far, Stop) else second
        if len(so_far) + len(second) > MOST:
            return asked.not_judged(f"it has more than {MOST} elements")
        try:
            more = [merged(each, first) if self._context.go else combined(first, each) for each in second]
        except MergeError as error:
            return asked.fault(str(error), "generators")
        return so_far + more

    def _merge(self, asked: GeneratorCall) -> FoundOutcome:
        members = asked.settings.get("generators") or []
        if len(members) < 2:
            return asked.fault(f"a merge needs two generators or more; it has {len(members)}", "generators")
        keys = list(dict.fromkeys(asked.settings.get("mergeKeys") or ()))
        if not keys:
            return asked.fault("a merge needs mergeKeys", "mergeKeys")
        base: dict[str, FoundElement] | None = None
        for number, item in enumerate(members):
            outcome = self._children([(item, item)], (*asked.pointer, "generators", number), asked.depth + 1)[0]
            if isinstance(outcome, Stop):
                return outcome
            by_key = _by_key(keys, outcome)
            if isinstance(by_key, str):
                return asked.fault(f"two elements of one generator have the same mergeKeys: {by_key}", "generators", number)
            try:
                base = by_key if base is None else {key: self._laid_over(each, by_key.get(key)) for key, each in base.items()}
            except MergeError as error:
                return asked.fault(str(error), "generators", number)
        return list((base or {}).values())

    def _laid_over(self, base: FoundElement, over: FoundElement | None) -> FoundElement:
        if over is None:
            return base
        return merged(base, over) if self._context.go else base.plus(over.values, over.places)


def _kinds(item: Mapping[str, Any]) -> list[str]:
    return [kind for kind in KINDS if item.get(kind) is not None]


def _by_key(keys: Sequence[str], found: Sequence[FoundElement]) -> dict[str, FoundElement] | str:
    """Return elements by the values of the merge keys, or a key that two of them have."""
    by_key: dict[str, FoundElement] = {}
    for each in found:
        text = json.dumps({key: _comparable(each.values.get(key)) for key in keys}, sort_keys=True)
        if text in by_key:
            return text
        by_key[text] = each
    return by_key


def _comparable(value: Any) -> Any:
    """Numbers are floats for Argo CD: 1 and 1.0 are one key."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return {key: _comparable(each) for key, each in value.items()} if isinstance(value, Mapping) else value
    return float(value)
