"""The ApplicationSets of a run, each expanded once."""

from __future__ import annotations

from collections.abc import Mapping

from agentslint.deploy.argo.argo_sets import SetReader
from agentslint.deploy.argo.argo_sources import sources_of
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.sets import Cluster, Expansion, Surroundings
from agentslint.deploy.typed import at, text
from agentslint.discover.remote import repository_name
from agentslint.model.application import Changes


def expansion_of(found: DeployerObject, around: DeployContext) -> Expansion:
    """Return what a set makes of its elements."""
    key = "set", id(found)
    if key not in around.kept:
        around.kept[key] = reader(found, around).expansion({})
    expansion: Expansion = around.kept[key]
    return expansion


def reader(found: DeployerObject, around: DeployContext) -> SetReader:
    """Return the reader of a set, with all that the set is read with."""
    here = around.here

    def is_other(url: str, revision: str) -> str:
        """Why a repository that a generator reads is not the tree here."""
        if not url:
            return "it has no repoURL"
        ours = here.is_ours(url) or (not here.named and repository_name(url) in _own_names(found))
        return here.elsewhere(revision) if ours else "it is another repository"

    def surroundings(changes: Changes) -> Surroundings:
        clusters = [Cluster(each.name, each.server, each.labels, each.annotations, each.project) for each in here.settings.clusters]
        if "paths" not in around.kept:
            around.kept["paths"] = list(here.repository.files(""))
        return Surroundings(here.root, around.kept["paths"], is_other, clusters, around.helm, changes)

    return SetReader(found, here, surroundings)


def _own_names(found: DeployerObject) -> set[str]:
    """The names of the repositories that a set deploys from. Until our URL is known, each of them may be this repository."""
    template = at(found.body, ("spec", "template"))
    return {repository_name(text(each, "repoURL")) for each in sources_of(template if isinstance(template, Mapping) else {})}
