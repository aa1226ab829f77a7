"""What Rancher deploys: the HelmCharts of k3s and RKE2, and Fleet's GitRepos, Bundles and HelmOps.

https://docs.k3s.io/helm, https://fleet.rancher.io/ref-crds
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from agentslint.deploy.deployment import Deployment
from agentslint.model import Manifest

HELM, FLEET = "helm.cattle.io", "fleet.cattle.io"


def rancher_deployments(manifest: Manifest) -> Iterator[Deployment]:
    """Yield the chart or the folders of a resource of Rancher; nothing for other manifests, or for a HelmChartConfig: it adds values."""
    match (manifest.group, manifest.kind):
        case (group, "HelmChart") if group == HELM:
            yield Deployment(manifest, chart=_text(manifest, "spec", "chart") or manifest.name)
        case (group, "HelmOp") if group == FLEET:
            yield Deployment(manifest, chart=_text(manifest, "spec", "helm", "chart") or manifest.name)
        case (group, "Bundle") if group == FLEET:
            chart = _text(manifest, "spec", "helm", "chart")
            yield Deployment(manifest, chart=chart, unknown="" if chart else "the resources in it")
        case (group, "GitRepo") if group == FLEET:
            yield from _folders(manifest)


def _folders(manifest: Manifest) -> Iterator[Deployment]:
    """Without paths, a GitRepo deploys the whole repository; each folder below a path is a bundle of its own."""
    listed = manifest.at(("spec", "paths"))
    paths = [path for path in listed if isinstance(path, str)] if isinstance(listed, list) else []
    for path in paths or ["."]:
        normal = posixpath.normpath(path.strip("/") or ".")
        if any(sign in normal for sign in "*?["):
            yield Deployment(manifest, unknown=f"folders {normal}")
        else:
            source = _text(manifest, "spec", "repo")
            yield Deployment(manifest, "" if normal == "." else normal, source=source, recurse=True)


def _text(manifest: Manifest, *pointer: str) -> str:
    found = manifest.at(pointer)
    return found if isinstance(found, str) else ""
