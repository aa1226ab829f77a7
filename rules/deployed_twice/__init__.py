from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from agentslint.rule import Applications, Field, Finding, Level, ListedSource, Location, Manifest, Rule, some

from .scopes import Scopes

Owned = tuple[ListedSource, Manifest]
Pair = tuple[ListedSource, ListedSource]
Shared = tuple[Pair, tuple[Manifest, Manifest]]
_LISTED = 3


class DeployedTwice(Rule):
    """A resource that two applications deploy to one place.

    ## Why
    Two Applications that render the same object take it from each other: Argo CD warns of a shared resource (`SharedResourceWarning`),
    each sync writes the one version over the other, and with `prune` the deletion of one application deletes the object of both.

    A resource is the same if group, kind, namespace and name are. Objects without a namespace belong to that of the destination, unless
    their kind has none. The rule compares all applications that one run judges; those that seem to belong to two installations of Argo CD,
    such as `clusters/eu/web.yaml` and `clusters/us/web.yaml`, are not compared with each other. Objects with a `generateName` get a
    name of their own each time.

    ## Fix
    Let one application deploy the object: move it to a folder of its own, or give one of the two another name or namespace.

    ## References
    - https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#fail-the-sync-if-a-shared-resource-is-found
    - https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
    """

    level = Level.WARNING
    tags = ("argocd",)

    def check_applications(self, applications: Applications) -> Iterator[Finding]:
        if len({row.identity for row, _ in applications.rendered}) < 2:
            return
        shared: dict[tuple[object, ...], list[Shared]] = {}
        is_cluster_scoped = Scopes(applications)
        for found in _of_one_name(applications):
            for (one, mine), (other, theirs) in combinations(found, 2):
                if self._is_pair(applications, one, other) and not _is_generated(mine):
                    namespaces = _namespace(one, mine), _namespace(other, theirs)
                    if len(set(namespaces)) == 1 or is_cluster_scoped(mine.group, mine.kind):
                        ids = sorted(((*one.identity, one.home), (*other.identity, other.home)))
                        shared.setdefault(tuple(ids), []).append(((one, other), (mine, theirs)))
        for pairs in shared.values():
            yield self._of_pair(applications, pairs, is_cluster_scoped)

    def _is_pair(self, applications: Applications, one: ListedSource, other: ListedSource) -> bool:
        return one.identity != other.identity and not applications.are_apart(one, other)

    def _of_pair(self, applications: Applications, pairs: list[Shared], scopes: Scopes) -> Finding:
        (one, other), _ = pairs[0]
        names = list(dict.fromkeys(_name(one, mine, scopes) for _, (mine, _) in pairs))
        who, others = _who(one, other), _who(other, one)
        message = f"{who} and {others} both deploy {some(names, _LISTED)}; let one of them do it"
        related: list[tuple[Any, str]] = [(other.place, f"{others} deploys the same")]
        for _, (mine, theirs) in pairs[:_LISTED]:
            related += [(Field(mine, ("metadata", "name")), f"deployed by {who}")]
            related += [(Field(theirs, ("metadata", "name")), f"deployed by {others}")]
        return self.finding(_place(one, other), message, target=applications.target_of(one), related=related)


def _place(one: ListedSource, other: ListedSource) -> Field | Location:
    """The name of the application. An application may be one of several pairs, each of which is a result of its own."""
    place = one.place
    if isinstance(place, Field):
        return place
    return Location(place.path, place.region, place.message, (*place.key_path, f"[{_who(other, one)}]"))


def _of_one_name(applications: Applications) -> Iterator[list[Owned]]:
    """Yield the objects of one cluster that share group, kind and name."""
    found: dict[tuple[object, ...], list[Owned]] = {}
    for row, rendered in applications.rendered:
        for manifest in (*rendered.manifests, *(crd for crd in rendered.crds if crd not in rendered.manifests)):
            found.setdefault((applications.cluster_of(row), manifest.group, manifest.kind, manifest.name), []).append((row, manifest))
    return (owned for owned in found.values() if len(owned) > 1)


def _namespace(row: ListedSource, manifest: Manifest) -> str:
    return manifest.namespace or row.application.destination.namespace


def _is_generated(manifest: Manifest) -> bool:
    return not isinstance(manifest.at(("metadata", "name")), str)


def _name(row: ListedSource, manifest: Manifest, scopes: Scopes) -> str:
    namespace = _namespace(row, manifest)
    return manifest.resource if scopes(manifest.group, manifest.kind) or not namespace else f"{manifest.resource} in {namespace}"


def _who(row: ListedSource, beside: ListedSource) -> str:
    """Name an application, with its namespace where the one beside it has the same name."""
    own, other = row.application, beside.application
    alike = (own.kind, own.name) == (other.kind, other.name)
    return f"{own.kind}/{own.name}" + (f" in {own.namespace}" if alike else "")
