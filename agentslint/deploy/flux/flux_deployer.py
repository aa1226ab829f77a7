"""Flux as a deployer: Kustomizations and HelmReleases, with the sources that they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_source import DEPLOYER, normal
from agentslint.deploy.flux.flux_sources import referred, url_and_revision
from agentslint.deploy.flux.flux_types import HELM, KUSTOMIZE, SOURCE, SOURCES
from agentslint.deploy.here import Named
from agentslint.deploy.listed import ListedSet, ListedSource
from agentslint.deploy.typed import mapping, text


class Flux:
    """Reads Kustomizations and HelmReleases."""

    name = DEPLOYER
    deploys_itself = True
    kinds: Mapping[str, frozenset[str]] = {
        KUSTOMIZE: frozenset(("Kustomization",)),
        HELM: frozenset(("HelmRelease",)),
        SOURCE: frozenset(SOURCES),
    }

    def named(self, found: DeployerObject, around: DeployContext) -> list[Named]:
        """Return the repository of an object, and the folder in it."""
        return list(_named(found, around))

    def listed(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSource]:
        """Return the source of a Kustomization or HelmRelease."""
        if (found.group, found.kind) == (KUSTOMIZE, "Kustomization"):
            from agentslint.deploy.flux.flux_built import BuiltSource

            return [BuiltSource(found, around).row()]
        if (found.group, found.kind) == (HELM, "HelmRelease"):
            from agentslint.deploy.flux.flux_released import ReleasedSource

            return [ReleasedSource(found, around).row()]
        return []

    def sets(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSet]:
        """Return nothing: a ResourceSet, which makes objects, is the Flux Operator's."""
        del found, around
        return []


def _named(found: DeployerObject, around: DeployContext) -> Iterator[Named]:
    spec: Mapping[str, Any] = mapping(found.body, "spec")
    if found.kind == "HelmRelease":
        chart = mapping(mapping(spec, "chart"), "spec")
        reference, path = mapping(chart, "sourceRef"), text(chart, "chart")
    else:
        reference, path = mapping(spec, "sourceRef"), text(spec, "path")
    source = referred(found, reference, around) if text(reference, "kind") == "GitRepository" else None
    if source is not None and found.group in (KUSTOMIZE, HELM):
        url, revision = url_and_revision(source)
        yield Named(url, normal(path), revision)
