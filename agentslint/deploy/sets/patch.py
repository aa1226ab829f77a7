"""The `templatePatch`: a strategic merge over the Application (k8s.io/apimachinery/pkg/util/strategicpatch)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.sets.types import Type, mismatches, resolved, word
from agentslint.places import dotted
from agentslint.yamlread import YamlError, compose, value

_APPLICATION = "@application"
_DIRECTIVE = "$patch"
_DELETES = "$deleteFromPrimitiveList/"
_MERGED = ("metadata", "finalizers")


class PatchError(Exception):
    """A patch that Argo CD refuses."""


class DirectiveError(Exception):
    """A directive of a patch that is not followed here."""


def patch_of(text: str) -> dict[str, Any]:
    """Return the patch that a text holds; raises PatchError."""
    try:
        documents = compose(text, duplicate_keys=True)
    except YamlError as error:
        raise PatchError(f"the patch is no YAML: line {error.line}: {error.message}") from None
    body = value(documents[0]) if documents else None
    if body is None:
        return {}
    if not isinstance(body, Mapping):
        raise PatchError(f"the patch must be a mapping; it is {word(body)}")
    if wrong := next(mismatches(body, _APPLICATION), None):
        raise PatchError(f"{dotted(wrong.pointer)} must be {wrong.expected}; in the patch it is {wrong.found}")
    return dict(body)


def patched(application: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return an Application with a patch; raises PatchError and DirectiveError. The project stays."""
    merged = _merged(application, _known(patch, _APPLICATION), ())
    project = application.get("spec", {}).get("project")
    spec = {**merged.get("spec", {})}
    spec.pop("project", None)
    return {**merged, "spec": {**spec, **({} if project is None else {"project": project})}}


def _known(patch: Any, kind: Type) -> Any:
    """Leave out the fields that Argo CD does not know; null and directives stay."""
    kind = resolved(kind)
    if isinstance(patch, Mapping) and isinstance(kind, Mapping):
        return {key: _known(each, kind.get(key, "any")) for key, each in patch.items() if key in kind or key.startswith("$")}
    if isinstance(patch, list) and isinstance(kind, list):
        return [_known(each, kind[1]) for each in patch]
    return patch


def _merged(old: Mapping[str, Any], patch: Mapping[str, Any], at: tuple[str, ...]) -> dict[str, Any]:
    patch = dict(patch)
    directive = patch.pop(_DIRECTIVE, None)
    if directive == "replace":
        return patch
    if directive == "delete":
        return {}
    if directive not in (None, "merge"):
        raise PatchError(f"{_DIRECTIVE}: {directive} is no directive of a patch")
    made = dict(old)
    for key, new in patch.items():
        if key.startswith(_DELETES):
            name = key.removeprefix(_DELETES)
            made[name] = [each for each in made.get(name) or () if each not in (new or ())]
        elif key.startswith("$"):
            raise DirectiveError(f"the directive {key} of a patch")
        elif new is None:
            made.pop(key, None)
        else:
            made[key] = _laid_over(made.get(key), new, (*at, key))
    return made


def _laid_over(old: Any, new: Any, at: tuple[str, ...]) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if "valuesObject" in at[:-1]:
            raise PatchError(f"{'.'.join(at)} is a mapping in the template and in the patch, which Argo CD cannot merge")
        return _merged(old, new, at)
    if isinstance(old, list) and isinstance(new, list) and at == _MERGED:
        return _ordered(old, new)
    return _without_nulls(new) if isinstance(new, Mapping) else new


def _ordered(old: list[Any], new: list[Any]) -> list[Any]:
    """Join two lists: the patch's order counts, and what it does not name stays before what it stood before."""
    left, right = [each for each in old if each not in new], list(dict.fromkeys(new))
    made: list[Any] = []
    while left and right:
        first = left[0] in old and right[0] in old and old.index(left[0]) < old.index(right[0])
        made.append(left.pop(0) if first else right.pop(0))
    return [*made, *right, *left]


def _without_nulls(new: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: each for key, each in new.items() if each is not None and key != _DIRECTIVE}
    return {key: _without_nulls(each) if isinstance(each, Mapping) else each for key, each in kept.items()}
