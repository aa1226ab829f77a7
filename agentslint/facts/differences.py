"""The differences between two renders of a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from agentslint.facts.counterparts import paired_manifests
from agentslint.facts.named_places import leaves, written
from agentslint.model import Field, Manifest, Pointer
from agentslint.places import by_name


def differences(before: Iterable[Manifest], after: Iterable[Manifest]) -> Iterator[str]:
    """Name the fields that differ (`Deployment/agents spec.replicas`), and the resources that come and go."""
    pairs = paired_manifests(before := tuple(before), after)
    theirs = {id(old): new for old, new in pairs if old}
    for manifest in before:
        other = theirs[id(manifest)]
        if other is None:
            yield f"{manifest.resource} (gone)"
        elif other.text != manifest.text:
            yield from (f"{manifest.resource} {field}" for field in _fields(manifest, other))
    yield from (f"{new.resource} (new)" for old, new in pairs if new and old is None)


def changed_fields(before: Manifest, after: Manifest) -> Iterator[Field]:
    """Yield the scalars that differ, in the manifest that has them: those of `before` that are gone or another, then those that are new."""
    ours, theirs = (_named_leaves(manifest.body) for manifest in (before, after))
    for manifest, own, other in ((before, ours, theirs), (after, theirs, ours)):
        for names, (pointer, value) in zip(own, leaves(manifest.body), strict=True):
            if names not in other or (manifest is before and other[names] != value):
                yield Field(manifest, pointer)


def _fields(before: Manifest, after: Manifest) -> Iterator[str]:
    """Items of a list are compared by their names: one that comes or goes moves the others, and changes none."""
    ours, theirs = _named_leaves(before.body), _named_leaves(after.body)
    said: dict[str, None] = {}
    for names in dict.fromkeys([*ours, *theirs]):
        if names not in theirs:
            said[f"{written(_topmost(names, theirs))} (gone)"] = None
        elif names not in ours:
            said[f"{written(_topmost(names, ours))} (new)"] = None
        elif ours[names] != theirs[names]:
            said[written(names)] = None
    yield from said


def _named_leaves(body: Any) -> dict[Pointer, Any]:
    """The scalars by their names; if two have the same (a variable that is set twice), the second is marked."""
    found: dict[Pointer, Any] = {}
    for pointer, value in leaves(body):
        names = by_name(body, pointer)
        while names in found:
            names = (*names[:-1], f"{names[-1]} (again)")
        found[names] = value
    return found


def _topmost(names: Pointer, others: Iterable[Pointer]) -> Pointer:
    """The largest part around a scalar that the others do not have."""
    lengths = (length for length in range(1, len(names)) if all(other[:length] != names[:length] for other in others))
    return names[: next(lengths, len(names))]
