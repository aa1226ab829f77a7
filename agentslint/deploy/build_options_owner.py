"""Whose setting it is: Argo CD reads its own, and nobody else's `kustomize.buildOptions`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.model import Pointer
from agentslint.paths import join, parent
from agentslint.yamlread import YamlError, compose, value

_CONFIG_MAP = "argocd-cm"
_IN_VALUES = (("configs", "cm"), ("server", "config"))
"""Where the values of Argo CD's chart have what goes into `argocd-cm`; the older of both second."""


def is_argo_setting(body: Any, pointer: Pointer, given: bool) -> bool:
    """Tell whether a key belongs to `argocd-cm`, an ArgoCD resource, or the values of Argo CD's chart; a `given` patch names none."""
    if pointer[-3:-1] in _IN_VALUES:
        return True
    owner, within = _at(body, pointer[:-2]), pointer[-2:-1]
    if not isinstance(owner, Mapping):
        return False
    if "kind" not in owner:
        return given and within in (("data",), ("spec",))
    if owner["kind"] == "ArgoCD":
        return within == ("spec",)
    return owner["kind"] == "ConfigMap" and within == ("data",) and (given or _name(owner.get("metadata")) == _CONFIG_MAP)


def is_literal_of_argo(body: Any, pointer: Pointer) -> bool:
    """Tell whether a text is among the literals of a generator that makes `argocd-cm`."""
    return pointer[-4:-3] == ("configMapGenerator",) and pointer[-2:-1] == ("literals",) and _name(_at(body, pointer[:-2])) == _CONFIG_MAP


def holds_documents(pointer: Pointer) -> bool:
    """Tell whether a text is a patch, or values."""
    return pointer[-1:] in (("patch",), ("values",)) or pointer[-2:-1] == ("patchesStrategicMerge",)


def is_patch_of_argo(body: Any, pointer: Pointer) -> bool:
    """Tell whether a patch in a kustomization is for Argo CD's settings, whatever it says itself."""
    return pointer[-1:] == ("patch",) and _is_for_argo(_at(body, pointer[:-1]))


def gives(kustomization: str, data: bytes, path: str) -> bool:
    """Tell whether a kustomization makes `argocd-cm` of a file, or patches Argo CD's settings with it."""
    try:
        bodies = [value(document) for document in compose(data, kustomization, duplicate_keys=True)]
    except YamlError:
        return False
    named = (name for body in bodies if isinstance(body, Mapping) for name in _given(body))
    return any(posixpath.normpath(join(parent(kustomization), name)) == path for name in named)


def _given(body: Mapping[str, Any]) -> Iterator[str]:
    for entry in _entries(body, "configMapGenerator"):
        if _name(entry) == _CONFIG_MAP:
            envs = entry.get("envs")
            yield from (name for name in (entry.get("env"), *(envs if isinstance(envs, list) else ())) if isinstance(name, str))
    for entry in (*_entries(body, "patches"), *_entries(body, "patchesJson6902")):
        if _is_for_argo(entry) and isinstance(entry.get("path"), str):
            yield entry["path"]


def _is_for_argo(entry: Any) -> bool:
    """The name of a target is a regular expression, which must fit from end to end."""
    target = entry.get("target") if isinstance(entry, Mapping) else None
    if not isinstance(target, Mapping):
        return False
    if target.get("kind") == "ArgoCD":
        return True
    try:
        fits = re.fullmatch(str(target.get("name") or ".*"), _CONFIG_MAP) is not None
    except (re.error, OverflowError, RecursionError):
        # Anybody may have written it.
        return False
    return fits and target.get("kind") == "ConfigMap"


def _entries(body: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = body.get(key)
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def _name(owner: Any) -> object:
    return owner.get("name") if isinstance(owner, Mapping) else None


def _at(body: Any, pointer: Pointer) -> Any:
    for step in pointer:
        if isinstance(body, Mapping):
            body = body.get(step)
        elif isinstance(body, list) and isinstance(step, int) and step < len(body):
            body = body[step]
        else:
            return None
    return body
