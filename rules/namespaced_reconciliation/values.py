"""What the values of a chart say of the namespaces that its controllers look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str, ...]
_CLUSTER = re.compile(r"cluster[-_]?(?:scoped?|wide)(?:[-_]?(?:access|rbac))?", re.I)
_NAMESPACED = re.compile(r"namespaced?(?:[-_]?(?:scoped?|only))", re.I)
_WATCHED = re.compile(r"watch(?:ed)?[-_]?namespaces?", re.I)
_OF_CONTROLLER = re.compile(r"controller|operator|manager|watch|reconcil|rbac|scope", re.I)
_EVERY = "*"


def limits(values: Mapping[str, Any], paths: Sequence[str]) -> Iterator[Path]:
    """Yield the switches that say that nothing is cluster-scoped: `paths`, or those that are called so."""
    for path, value in _leaves(values, ()):
        named = ".".join(path) in paths
        says_so = (named or _CLUSTER.fullmatch(path[-1])) and value is False
        if says_so or ((named or (not paths and _NAMESPACED.fullmatch(path[-1]))) and value is True):
            yield path


def watched(values: Mapping[str, Any], paths: Sequence[str]) -> Iterator[tuple[Path, list[str]]]:
    """Yield the lists of watched namespaces: `paths`, or those that are called so. A list with `*` watches all."""
    for path, value in _leaves(values, ()):
        named = ".".join(path) in paths
        learnt = not paths and (_WATCHED.fullmatch(path[-1]) or (path[-1] == "namespaces" and any(map(_OF_CONTROLLER.search, path[:-1]))))
        if named or learnt:
            names = [each for each in value if isinstance(each, str)] if isinstance(value, list) else split(value)
            if names and _EVERY not in names:
                yield path, names


def split(text: object) -> list[str]:
    """Return the names in a text: separated by commas or spaces, or a list in JSON."""
    return re.findall(r"[a-z0-9*](?:[a-z0-9-]*[a-z0-9])?", text) if isinstance(text, str) else []


def _leaves(values: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, str(key)))
        else:
            yield (*path, str(key)), value
