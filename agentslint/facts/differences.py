"""What is different between two renders of a target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from agentslint.facts.named_places import leaves, written
from agentslint.model import Manifest, Pointer
from agentslint.places import by_name

Name = tuple[str, str, str]
_HASHED = re.compile(r"-[a-z0-9]{10}$")
"""What kustomize puts behind the names of generated ConfigMaps and Secrets (api/hasher)."""


def differences(before: Iterable[Manifest], after: Iterable[Manifest]) -> Iterator[str]:
    """Name the fields that differ (`Deployment/agents spec.replicas`), and the resources that come and go."""
    ours, theirs = _by_name(before), _by_name(after)
    renamed = dict(_renamed([name for name in ours if name not in theirs], [name for name in theirs if name not in ours]))
    for name, manifest in ours.items():
        other = theirs.get(renamed.get(name, name))
        if other is None:
            yield f"{manifest.resource} (gone)"
        elif other.text != manifest.text:
            yield from (f"{manifest.resource} {field}" for field in _fields(manifest, other))
    arrived = set(theirs) - set(ours) - set(renamed.values())
    yield from (f"{theirs[name].resource} (new)" for name in theirs if name in arrived)


def _by_name(manifests: Iterable[Manifest]) -> dict[Name, Manifest]:
    return {(manifest.kind, manifest.namespace, manifest.name): manifest for manifest in manifests}


def _renamed(gone: list[Name], new: list[Name]) -> Iterator[tuple[Name, Name]]:
    """Pair generated resources, whose names end in a hash of what is in them."""
    arrived = {_unhashed(name): name for name in new}
    for name in gone:
        if (other := arrived.get(_unhashed(name))) and _HASHED.search(name[2]):
            yield name, other


def _unhashed(name: Name) -> Name:
    return name[0], name[1], _HASHED.sub("", name[2])


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
    """The scalars by their names; where two have the same (a variable that is set twice), the second is told apart."""
    found: dict[Pointer, Any] = {}
    for pointer, value in leaves(body):
        names = by_name(body, pointer)
        while names in found:
            names = (*names[:-1], f"{names[-1]} (again)")
        found[names] = value
    return found


def _topmost(names: Pointer, others: Iterable[Pointer]) -> Pointer:
    """The largest part around a scalar of which the others have nothing."""
    lengths = (length for length in range(1, len(names)) if all(other[:length] != names[:length] for other in others))
    return names[: next(lengths, len(names))]
