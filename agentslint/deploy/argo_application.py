"""The Applications and ApplicationSets of Argo CD: what they deploy, and what they lay over it.

https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/, "Parameter Overrides", "Kustomize".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.deploy.deployment import SETS_NOTHING, Deployment, Overlay, settings
from agentslint.model import Field, Manifest, Pointer

GROUP = "argoproj.io"
_KUSTOMIZE = frozenset(("images", "patches", "components", "kubeVersion", "apiVersions"))
"""Settings of kustomize that change more than names, namespaces, labels and numbers."""
_HELM = frozenset(("parameters", "fileParameters"))
"""Values that stand in no values file; `values` and `valuesObject` are looked at where they stand."""


def argo_deployments(manifest: Manifest) -> Iterator[Deployment]:
    """Yield what an Application deploys, one for each of its sources; none of other manifests."""
    if manifest.group != GROUP or manifest.kind not in ("Application", "ApplicationSet"):
        return
    spec: Pointer = ("spec",) if manifest.kind == "Application" else ("spec", "template", "spec")
    several = manifest.at((*spec, "sources"))
    single = ((*spec, "source"), (*spec, "sourceHydrator", "drySource"))
    # Where there are several, Argo CD does not look at the single one.
    pointers = [(*spec, "sources", number) for number in range(len(several))] if isinstance(several, list) and several else [*single]
    for pointer in pointers:
        source = manifest.at(pointer)
        if isinstance(source, Mapping) and (found := _deployment(manifest, pointer, source)):
            yield found


def overlays_of(manifest: Manifest, pointer: Pointer) -> list[Overlay]:
    """Return what a source, or a file that overrides one, lays over what it deploys."""
    found = [
        *settings(manifest, (*pointer, "kustomize"), _KUSTOMIZE, "kustomize."),
        *settings(manifest, (*pointer, "helm"), _HELM, "helm."),
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
        return Deployment(manifest, unknown="source that its generators fill in", overlays=overlays)
    normal = posixpath.normpath(path.strip("/") or ".")
    return Deployment(manifest, "" if normal == "." else normal, chart, url, overlays=overlays)


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) else ""
