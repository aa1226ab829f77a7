"""What a report for people shows as one: findings of several rules on one scalar, of which one says it all.

A rule names those that say more about the same scalar (`Rule.implied_by`). Ids, fingerprints and suppressions stay each rule's own, so
that this happens after suppression, and formats for programs hold every result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from msgspec import Struct

from agentslint.model import Level, Report, Result

MANY = 50
"""More findings than this are not all shown to people who have not asked for it."""
FEW = 10
"""How many of them are shown then."""

_LEVELS = (Level.ERROR, Level.WARNING, Level.NOTE)


class Shown(Struct, frozen=True):
    """A result, and the weaker ones that it stands for."""

    result: Result
    weaker: tuple[Result, ...] = ()

    @property
    def rules(self) -> str:
        """The rules of all of them, the strongest first."""
        return ", ".join(dict.fromkeys(each.rule_id for each in (self.result, *self.weaker)))


def shown(report: Report, results: Iterable[Result]) -> list[Shown]:
    """Return results in their order, those that another one implies with that one."""
    listed = list(results)
    places: dict[object, list[Result]] = defaultdict(list)
    for result in listed:
        if not result.suppressions:
            places[_scalar(result)].append(result)
    hidden: dict[int, Result] = {}
    for together in places.values():
        for weak in together:
            stronger = (each for each in together if _implies(report, each, weak) and _root(each, hidden) is not weak)
            if strong := next(stronger, None):
                hidden[id(weak)] = strong
    weaker: dict[int, list[Result]] = defaultdict(list)
    for result in listed:
        if id(result) in hidden:
            weaker[id(_root(result, hidden))].append(result)
    return [_shown(result, weaker[id(result)]) for result in listed if id(result) not in hidden]


def worst(found: Iterable[Shown]) -> list[Shown]:
    """Return the few that matter most: by level, by how many targets have it, by place."""
    return sorted(found, key=lambda each: (-each.result.level.rank, -len(each.result.targets)))[:FEW]


def levels(found: Iterable[Shown]) -> list[tuple[Level, int]]:
    """Return how many of each level are shown, the worst level first."""
    counted = Counter(each.result.level for each in found)
    return [(level, counted[level]) for level in _LEVELS if counted[level]]


def _shown(result: Result, weaker: list[Result]) -> Shown:
    """One that a configured level makes the worst speaks for all of them."""
    first, *rest = sorted((result, *weaker), key=lambda each: -each.level.rank)
    return Shown(first, tuple(rest))


def _scalar(result: Result) -> object:
    """The authored scalar, as far as its place shows it."""
    place = result.location
    return place.path, place.region.start_line, place.key_path or place.region


def _implies(report: Report, strong: Result, weak: Result) -> bool:
    rule = report.rules.get(weak.rule_id)
    return strong.rule_id in getattr(rule, "implied_by", ())


def _root(result: Result, hidden: dict[int, Result]) -> Result:
    """The result that is shown in the end."""
    while (above := hidden.get(id(result))) is not None:
        result = above
    return result
