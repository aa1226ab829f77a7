"""Argo CD as a deployer: Applications and ApplicationSets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentslint.deploy.argo.argo_sets import SetReader, is_set
from agentslint.deploy.argo.argo_sources import DEPLOYER, GROUP, application_of, is_application, listed_sources, sources_of
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.here import Named, all_named
from agentslint.deploy.listed import ListedSet, ListedSource
from agentslint.deploy.sets import Cluster, Expansion, Surroundings
from agentslint.deploy.typed import at, text
from agentslint.discover.remote import repository_name
from agentslint.model.application import Changes


class ArgoCD:
    """Reads Applications and ApplicationSets."""

    name = DEPLOYER
    deploys_itself = False
    kinds: Mapping[str, frozenset[str]] = {GROUP: frozenset(("Application", "ApplicationSet"))}

    def named(self, found: DeployerObject, around: DeployContext) -> list[Named]:
        """Return where the sources of an Application, or of those that a set makes, say that they are."""
        return all_named(_sources(found, around))

    def listed(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSource]:
        """Return the sources of an Application, or of those that a set makes."""
        if is_application(found):
            return listed_sources(found, application_of(found, around.here), around.here)
        return list(_reader(found, around).rows(_expansion(found, around))) if is_set(found) else []

    def sets(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSet]:
        """Return what an ApplicationSet makes, and what hinders it."""
        return [_reader(found, around).summary(_expansion(found, around))] if is_set(found) else []


def _sources(found: DeployerObject, around: DeployContext) -> Iterator[Mapping[str, Any]]:
    if is_application(found):
        yield from sources_of(found.body)
    elif is_set(found):
        for made, _ in _reader(found, around).applications(_expansion(found, around)):
            yield from sources_of(made.body)


def _expansion(found: DeployerObject, around: DeployContext) -> Expansion:
    key = "set", id(found)
    if key not in around.kept:
        around.kept[key] = _reader(found, around).expansion({})
    expansion: Expansion = around.kept[key]
    return expansion


def _own_names(found: DeployerObject) -> set[str]:
    """The names of the repositories that a set deploys from. Until our URL is known, each of them may be this repository."""
    template = at(found.body, ("spec", "template"))
    return {repository_name(text(each, "repoURL")) for each in sources_of(template if isinstance(template, Mapping) else {})}


def _reader(found: DeployerObject, around: DeployContext) -> SetReader:
    here = around.here

    def is_other(url: str, revision: str) -> str:
        """Why a repository that a generator reads is not the tree here."""
        ours = here.is_ours(url) or (not here.named and repository_name(url) in _own_names(found))
        return here.elsewhere(revision) if ours else "it is another repository"

    def surroundings(changes: Changes) -> Surroundings:
        clusters = [Cluster(each.name, each.server, each.labels, each.annotations, each.project) for each in here.settings.clusters]
        if "paths" not in around.kept:
            around.kept["paths"] = list(here.repository.files(""))
        return Surroundings(here.root, around.kept["paths"], is_other, clusters, around.helm, changes)

    return SetReader(found, here, surroundings)
