"""Argo CD as a deployer: Applications and ApplicationSets. What expands sets is imported where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentslint.deploy.argo.argo_sources import DEPLOYER, GROUP, application_of, is_application, listed_sources, sources_of
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.here import Named, all_named
from agentslint.deploy.listed import ListedSet, ListedSource

_SET = "ApplicationSet"


class ArgoCD:
    """Reads Applications and ApplicationSets."""

    name = DEPLOYER
    deploys_itself = False
    kinds: Mapping[str, frozenset[str]] = {GROUP: frozenset(("Application", _SET))}

    def named(self, found: DeployerObject, around: DeployContext) -> list[Named]:
        """Return where the sources of an Application, or of those that a set makes, say that they are."""
        return all_named(_sources(found, around))

    def listed(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSource]:
        """Return the sources of an Application, or of those that a set makes."""
        if is_application(found):
            return listed_sources(found, application_of(found, around.here), around.here)
        if not _is_set(found):
            return []
        from agentslint.deploy.argo.argo_expanded import expansion_of, reader

        return list(reader(found, around).rows(expansion_of(found, around)))

    def sets(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSet]:
        """Return what an ApplicationSet makes, and what hinders it."""
        if not _is_set(found):
            return []
        from agentslint.deploy.argo.argo_expanded import expansion_of, reader

        return [reader(found, around).summary(expansion_of(found, around))]


def _is_set(found: DeployerObject) -> bool:
    return found.group == GROUP and found.kind == _SET


def _sources(found: DeployerObject, around: DeployContext) -> Iterator[Mapping[str, Any]]:
    if is_application(found):
        yield from sources_of(found.body)
    elif _is_set(found):
        from agentslint.deploy.argo.argo_expanded import expansion_of, reader

        for made, _ in reader(found, around).applications(expansion_of(found, around)):
            yield from sources_of(made.body)
