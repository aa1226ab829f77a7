"""Where a false assert belongs: at the scalars that make it false, which shrinking the object finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any, NamedTuple

from msgspec.structs import replace

from agentslint.asserts.assertion import Assertion
from agentslint.asserts.field_chains import chains, existing, missing_chain, named_steps
from agentslint.asserts.shrinking import at, shrink
from agentslint.asserts.subjects import Subject
from agentslint.cel import Missing
from agentslint.model import Field, Place, Pointer, dotted

_SHRUNK = ("object", "container", "workload", "image", "values")
"""The variables that somebody writes in files."""
_IDENTITY = ("apiVersion", "kind", "name", "namespace")
_RELATED = 4
_ALSO = "the condition depends on it, too"


class Cause(NamedTuple):
    """The place of a failure, its related places, and what is not there ("" where all is): a field, by its name if that is no secret."""

    place: Place
    related: tuple[tuple[Place, str], ...] = ()
    missing: str = ""
    way: Pointer = ()
    """The path of the missing field; it begins with a variable."""


def cause(assertion: Assertion, subject: Subject, values: Mapping[str, Any], answer: bool | Missing) -> Cause:
    """Find the place of an assert that is false, or that lacks a field."""
    left, scalars = _decisive(assertion, values, answer, whole=subject.manifest is None)
    scalars = scalars or _named(assertion, values, answer)
    named = not subject.holds_secrets or (isinstance(answer, Missing) and answer.name in named_steps(assertion.that.text))
    emptied = sorted((way for way in left if len(way) > 1 and isinstance(at(values, way), (Mapping, list))), key=len, reverse=True)
    gone = _gone(assertion, values, answer, emptied) if isinstance(answer, Missing) or not scalars else ()
    # The value that an expression reads from a Secret, such as `object.data[object.data.key]`, is its content.
    gone = gone[:-1] if isinstance(answer, Missing) and not named else gone
    if assertion.at:
        places = [_at(assertion, subject, values)]
    elif gone:
        places = [_parent(subject, values, gone), *(subject.field(way) for way in scalars)]
    else:
        places = [subject.field(way) for way in scalars or emptied]
    found = list(dict.fromkeys(place for place in places if place is not None)) or [subject.place]
    said = (_written(gone) if named and gone else named and answer.name) or "a field" if isinstance(answer, Missing) else ""
    return Cause(found[0], tuple((place, _ALSO) for place in found[1:_RELATED]), said, gone)


def _decisive(
    assertion: Assertion, values: Mapping[str, Any], answer: bool | Missing, *, whole: bool
) -> tuple[list[Pointer], list[Pointer]]:
    """The paths that are left after shrinking, and those of the scalars among them that decide the answer."""
    left = _left(assertion, values, answer, nulls=not isinstance(answer, Missing))
    scalars = list(_scalars(left, values))
    if answer is False and len(scalars) > 1 and all(way[-1] in _IDENTITY for way in scalars) and not whole:
        # A null among the items of a list spoils `filter` and `map`, so that all items seem to matter.
        fewer = _left(assertion, values, answer, nulls=False)
        left, scalars = (fewer, found) if (found := list(_scalars(fewer, values))) else (left, scalars)
    return left, _telling(scalars, whole=whole)


def _left(assertion: Assertion, values: Mapping[str, Any], answer: bool | Missing, *, nulls: bool) -> list[Pointer]:
    """The paths that are left when everything is left out on which the answer does not depend; none where that took too long."""
    fixed = {name: value for name, value in values.items() if name not in _SHRUNK}
    tree = {name: value for name, value in values.items() if name in _SHRUNK}

    def is_same(part: Any) -> bool:
        found = assertion.that.ask(assertion.expressions.scope({**fixed, **part}))
        return found == answer if isinstance(found, Missing) and isinstance(answer, Missing) else found is answer

    shrunk = shrink(tree, is_same, nulls=nulls)
    return list(shrunk.leaves()) if shrunk.is_whole else []


def _scalars(ways: Iterable[Pointer], values: Mapping[str, Any]) -> Iterator[Pointer]:
    return (way for way in ways if not isinstance(at(values, way), (Mapping, list)))


def _telling(ways: list[Pointer], *, whole: bool) -> list[Pointer]:
    """Leave out the paths of names and kinds. Where only those are left, and several, return the path of the list that holds them all.

    For a `whole` target they are left out in any case: that names alone decide says that something is not in it.
    """
    telling = [way for way in ways if way[-1] not in _IDENTITY]
    if telling or len(ways) < 2 or whole:
        return telling or ([] if whole else ways)
    together = tuple(steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, zip(*ways, strict=False)))
    return [together] if len(together) > 1 else ways


def _named(assertion: Assertion, values: Mapping[str, Any], answer: bool | Missing) -> list[Pointer]:
    """The scalars that the expression names itself: `object.?spec.?replicas.orValue(1)` depends on none, as it has a default."""
    ways = (chain for chain in chains(assertion.that.text, values) if chain[0] in _SHRUNK and existing(values, chain) == len(chain))
    return [] if isinstance(answer, Missing) else list(_scalars(dict.fromkeys(ways), values))


def _gone(assertion: Assertion, values: Mapping[str, Any], answer: bool | Missing, emptied: list[Pointer]) -> Pointer:
    """The way to the field that is not there: as the expression writes it, else below the deepest object that had to stay."""
    text = assertion.that.text
    if isinstance(answer, Missing):
        below = (way for way in emptied if answer.name and existing(values, (*way, answer.name)) == len(way))
        return missing_chain(text, values, answer.name) or next(((*way, answer.name) for way in below), ())
    asked = [chain[: length + 1] for chain in chains(text, values) if 1 < (length := existing(values, chain)) < len(chain)]
    return next((chain for chain in asked if chain[:-1] in emptied), asked[0] if asked and not emptied else ())


def _at(assertion: Assertion, subject: Subject, values: Mapping[str, Any]) -> Place | None:
    """The place that the assert names, as far as it exists; of a value that nobody sets, the entry of the chart."""
    root = str(assertion.at[0])
    if root == "values":
        chart = subject.rendered.chart_place(subject.entry) if subject.entry else None
        return subject.field(assertion.at) or chart
    known = {**values, **(subject.variables([root]) or {})}
    return _parent(subject, known, assertion.at)


def _parent(subject: Subject, values: Mapping[str, Any], way: Pointer) -> Place | None:
    """The deepest place on a way that exists; where the way goes on, its next step is missing there."""
    length = existing(values, way)
    if way[0] == "values" and length < len(way):
        return subject.field(way[:length]) or (subject.rendered.chart_place(subject.entry) if subject.entry else None)
    place = subject.field(way[:length])
    missing = str(way[length]) if length < len(way) else ""
    return replace(place, missing=missing) if isinstance(place, Field) and missing else place


def _written(way: Pointer) -> str:
    return dotted(way[1:] if way[0] == "object" and len(way) > 1 else way)
