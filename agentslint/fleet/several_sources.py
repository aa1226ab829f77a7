"""Objects that several sources of one Application render: Argo CD deploys those of the last source alone.

https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/
"""

from __future__ import annotations

from collections.abc import Iterable

from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Manifest, Target


def of_several_sources(target: Target) -> str:
    """Return the id of the application with several sources of which a target is one, "" where it is none."""
    return target.deployed.application.id if target.deployed and target.deployed.of > 1 else ""


def leave_out_replaced(sources: Iterable[RenderedTarget]) -> None:
    """Leave the manifests out of the sources of one application in whose place it deploys those of a later source."""
    later: set[tuple[str, str, str, str]] = set()
    for source in sorted(sources, key=lambda source: source.target.deployed.number if source.target.deployed else 0, reverse=True):
        own = [(each, _identity(each)) for each in source.manifests]
        source.manifests = tuple(each for each, identity in own if identity not in later)
        later.update(identity for each, identity in own if each.at(("metadata", "name")) is not None)


def _identity(manifest: Manifest) -> tuple[str, str, str, str]:
    deployed = manifest.target.deployed
    destination = deployed.application.destination.namespace if deployed else ""
    return manifest.group, manifest.kind, manifest.namespace or destination, manifest.name
