"""The Applications and ApplicationSets of Argo CD."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.deploy.application_set import set_deployments
from agentslint.deploy.argo_source import deployments_at
from agentslint.deploy.deployment import Deployment
from agentslint.model import Manifest

GROUP = "argoproj.io"


def argo_deployments(manifest: Manifest) -> Iterator[Deployment]:
    """Yield what an Application or ApplicationSet deploys, one for each of its sources; none of other manifests."""
    if manifest.group == GROUP and manifest.kind == "Application":
        yield from deployments_at(manifest, ("spec",))
    elif manifest.group == GROUP and manifest.kind == "ApplicationSet":
        yield from set_deployments(manifest)
