"""The sources of Argo CD Applications: the folder or chart of each, and the settings that override it.

https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/, "Parameter Overrides", "Kustomize".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from agentslint.deploy.deployment import SETS_NOTHING, Deployment, Overlay, settings
from agentslint.model import Field, Manifest, Pointer

FILLED_IN = "its generators fill in the source"
KUSTOMIZE = frozenset(("images", "patches", "components", "kubeVersion", "apiVersions"))
"""Settings of kustomize that change more than names, namespaces, labels and numbers."""
HELM = frozenset(("parameters", "fileParameters"))
"""Values that stand in no values file; `values` and `valuesObject` are looked at where they stand."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def deployments_at(manifest: Manifest, spec: Pointer, beneath: Mapping[str, Any] = _NOTHING) -> Iterator[Deployment]:
    """Yield a deployment for each source of a spec; `beneath` holds defaults for settings that a source omits."""
    for pointer in sources_at(manifest, spec):
        source = manifest.at(pointer)
        if isinstance(source, Mapping) and (found := _deployment(manifest, pointer, {**beneath, **source})):
            yield found


def sources_at(manifest: Manifest, spec: Pointer) -> list[Pointer]:
    """Return where the sources of a spec stand; where there are several, Argo CD does not look at the single one."""
    several = manifest.at((*spec, "sources"))
    if isinstance(several, list) and several:
        return [(*spec, "sources", number) for number in range(len(several))]
    single = ((*spec, "source"), (*spec, "sourceHydrator", "drySource"))
    return [pointer for pointer in single if isinstance(manifest.at(pointer), Mapping)]


def overlays_of(manifest: Manifest, pointer: Pointer) -> list[Overlay]:
    """Return the settings by which a source, or a file that overrides one, changes the rendered output."""
    found = [
        *settings(manifest, (*pointer, "kustomize"), KUSTOMIZE, "kustomize."),
        *settings(manifest, (*pointer, "helm"), HELM, "helm."),
    ]
    if manifest.at((*pointer, "plugin")) is not None:
        found.append(Overlay(Field(manifest, (*pointer, "plugin")), "plugin"))
    return found


def _deployment(manifest: Manifest, pointer: Pointer, source: Mapping[str, Any]) -> Deployment | None:
    chart, path, url = (_text(source.get(key)) for key in ("chart", "path", "repoURL"))
    overlays = tuple(overlays_of(manifest, pointer))
    if not chart and path in SETS_NOTHING and _text(source.get("ref")):
        return None
    if "{{" in chart + path + url:
        return Deployment(manifest, unknown=FILLED_IN, overlays=overlays)
    normal = posixpath.normpath(path.strip("/") or ".")
    directory = source.get("directory")
    recurse = isinstance(directory, Mapping) and directory.get("recurse") is True
    return Deployment(manifest, "" if normal == "." else normal, chart, url, overlays=overlays, recurse=recurse)


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) else ""
