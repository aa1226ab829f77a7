"""The values of a HelmRelease: those of ConfigMaps and Secrets in their order, then its own.

`ChartValuesFromReferences` in github.com/fluxcd/pkg/chartutil; https://fluxcd.io/flux/components/helm/helmreleases/#values
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_data import data_of
from agentslint.deploy.known_objects import KnownObjects
from agentslint.deploy.source_types import SourceError
from agentslint.deploy.typed import flag, mapping, sequence, text
from agentslint.model.application import Changes, RecipeError
from agentslint.yamlread import YamlError, compose, value

_KEY = "values.yaml"
_PLAIN_PATH = re.compile(r"(?!\.)(?:[^.,=\[\]{}\\]|\\.|\.(?!\.|\Z))+")
_SPECIAL = re.compile(r"[,\[\]{}\\=]")
_STEP = re.compile(r"(?:[^.\\]|\\.)+")


class NotJudgedError(RecipeError):
    """A release that cannot be rendered here, though nothing is wrong with it."""


def value_references(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the objects that hold values."""
    for each in sequence(spec, "valuesFrom"):
        yield text(each, "kind"), text(each, "name")


def composed_values(found: DeployerObject, spec: Mapping[str, Any], objects: KnownObjects, changes: Changes) -> dict[str, Any]:
    """Return the values of a release; raises RecipeError, and NotJudgedError where they are outside of the repository."""
    # Below, a reference may write into nested mappings, which the object itself must not show to anybody.
    own = copy.deepcopy(dict(mapping(spec, "values")))
    merged: dict[str, Any] = {}
    for number, reference in enumerate(sequence(spec, "valuesFrom")):
        data = _referred(found, reference, number, objects, changes)
        if data is None:
            continue
        path = text(reference, "targetPath")
        if path:
            merged = merge(merged, own)
            _put(merged, path, data, literal=flag(reference, "literal"))
        else:
            merged = merge(merged, _read(data, reference))
    return merge(merged, own)


def merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return two mappings as one, nested ones merged; those of one alone are shared, as in Flux."""
    found = dict(under)
    for key, item in over.items():
        below = found.get(key)
        found[key] = merge(below, item) if isinstance(item, Mapping) and isinstance(below, Mapping) else item
    return found


def _referred(found: DeployerObject, reference: Any, number: int, objects: KnownObjects, changes: Changes) -> str | None:
    """The text that a reference leads to, None where it may be missing and is."""
    kind, name, key = text(reference, "kind"), text(reference, "name"), text(reference, "valuesKey") or _KEY
    held = objects.find("", kind, found.namespace, name, found)
    data = data_of(held, changes)
    optional = flag(reference, "optional")
    if data is None:
        if optional and held is None:
            return None
        where = "is not in the repository" if held is None else "cannot be read here"
        raise NotJudgedError(f"its values come from {kind}/{name}, which {where}")
    if key not in data and not optional:
        raise SourceError(f"{kind}/{name} has no key {key}", ("spec", "valuesFrom", number))
    return data.get(key)


def _read(data: str, reference: Any) -> Mapping[str, Any]:
    who = f"{text(reference, 'kind')}/{text(reference, 'name')}"
    try:
        body = next(map(value, compose(data, duplicate_keys=True)), None)
    except YamlError as error:
        raise RecipeError(f"the values in {who} cannot be read: {error.message}") from None
    if body is not None and not isinstance(body, Mapping):
        raise RecipeError(f"the values in {who} are no mapping")
    return body or {}


def _put(values: dict[str, Any], path: str, data: str, *, literal: bool) -> None:
    """Set one value as `--set` would; quotes around it, or `literal`, make it text."""
    quoted = not literal and any(len(data) > 0 and data.startswith(sign) and data.endswith(sign) for sign in "'\"")
    plain = data.strip("'\"") if quoted else data
    if not _PLAIN_PATH.fullmatch(path) or (not literal and _SPECIAL.search(plain)):
        raise NotJudgedError(f"the value for targetPath {path} is in a syntax of --set that agentslint does not read")
    steps = [re.sub(r"\\(.)", r"\1", step) for step in _STEP.findall(path)]
    here = values
    for step in steps[:-1]:
        below = here.get(step)
        if not isinstance(below, dict):
            below = here[step] = {}
        here = below
    here[steps[-1]] = plain if literal or quoted else _typed(plain)


def _typed(data: str) -> Any:
    """`typedVal` of helm's strvals."""
    words: dict[str, Any] = {"true": True, "false": False, "null": None}
    if data.lower() in words:
        return words[data.lower()]
    return int(data) if data == "0" or re.fullmatch(r"[-+]?[1-9][0-9]{0,18}", data) else data
