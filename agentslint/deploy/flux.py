"""The Kustomizations and HelmReleases of Flux: their sources, and the changes that a Kustomization makes to them.

https://fluxcd.io/flux/components/kustomize/kustomizations/, https://fluxcd.io/flux/components/helm/helmreleases/
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from agentslint.deploy.deployment import Deployment, Overlay, settings
from agentslint.model import Field, Manifest

KUSTOMIZE, HELM = "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"
_OVERLAYS = frozenset(("images", "patches", "patchesStrategicMerge", "patchesJson6902", "components"))
"""What changes more than names and namespaces."""


def flux_deployments(manifest: Manifest) -> Iterator[Deployment]:
    """Yield the source of a Flux Kustomization or HelmRelease; nothing for other manifests."""
    if (manifest.group, manifest.kind) == (KUSTOMIZE, "Kustomization"):
        yield _kustomization(manifest)
    elif (manifest.group, manifest.kind) == (HELM, "HelmRelease"):
        chart = manifest.at(("spec", "chart", "spec", "chart")) or manifest.at(("spec", "chartRef", "name")) or manifest.name
        yield Deployment(manifest, chart=str(chart))


def _kustomization(manifest: Manifest) -> Deployment:
    overlays = settings(manifest, ("spec",), _OVERLAYS)
    build = manifest.at(("spec", "postBuild"))
    for key in ("substitute", "substituteFrom"):
        if isinstance(build, Mapping) and build.get(key):
            overlays.append(Overlay(Field(manifest, ("spec", "postBuild", key)), f"postBuild.{key}"))
    path = manifest.at(("spec", "path"))
    normal = posixpath.normpath((path if isinstance(path, str) else "").strip("/") or ".")
    # Of a folder without a kustomization, the controller takes all manifests below it.
    return Deployment(manifest, "" if normal == "." else normal, overlays=tuple(overlays), recurse=True)
