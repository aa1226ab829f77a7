"""The environments of the configuration: parts of the fleet, by paths, namespaces, applications, clusters and projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.config import Environment
from agentslint.config.schema import ClusterTable
from agentslint.model import Manifest, Target
from agentslint.model.application import Application, Destination
from agentslint.paths import any_names, names_target

_OWN_CLUSTER = ClusterTable("in-cluster", "https://kubernetes.default.svc")
"""The cluster that Argo CD itself runs in is known by this name and this address."""


def is_in(environment: Environment, target: Target, manifest: Manifest | None, clusters: Sequence[ClusterTable] = ()) -> bool:
    """Tell whether a target (and the namespace of a manifest) is in an environment: one glob of any kind is enough."""
    deployed = [*([target.deployed.application] if target.deployed else []), *target.above.applications]
    paths = (target.name, target.path, *target.above.names)
    namespaces = namespaces_of(target, manifest)
    return (
        any(names_target(environment.paths, name) for name in paths)
        or any(any_names(environment.namespaces, namespace) for namespace in namespaces)
        or any(any_names(environment.applications, name) for each in deployed for name in names_of(each))
        or any(any_names(environment.clusters, name) for each in deployed for name in cluster_names(each.destination, clusters))
        or any(any_names(environment.projects, each.project) for each in deployed if each.project)
        or environment.is_everywhere
    )


def names_of(application: Application) -> tuple[str, str]:
    """Return the names by which an application is chosen: its own, and that with its namespace."""
    return application.name, application.id


def cluster_names(destination: Destination, clusters: Sequence[ClusterTable] = ()) -> frozenset[str]:
    """Return the names and addresses of the cluster of a destination, which names one of them."""
    written = {destination.name, destination.server, destination.server.rstrip("/")} - {""}
    alike = (each for each in (*clusters, _OWN_CLUSTER) if not written.isdisjoint({each.name, each.server.rstrip("/")} - {""}))
    return frozenset(written.union(*({each.name, each.server} for each in alike)) - {""})


def namespaces_of(target: Target, manifest: Manifest | None) -> Iterator[str]:
    """Yield the namespace of a manifest; where it names none, that of the destination. Then those of failed targets above it."""
    own = manifest.namespace if manifest else ""
    if own:
        yield own
    elif target.deployed and (destination := target.deployed.application.destination.namespace):
        yield destination
    yield from target.above.namespaces if manifest else ()
