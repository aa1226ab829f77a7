"""The Secrets that exist once manifests are applied: rendered ones, and those that an operator makes of other objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from agentslint.facts.secret_keys import SecretKeys, secret_keys
from agentslint.model import Manifest, Pointer

_NAMED: Mapping[str, tuple[Pointer, ...]] = {
    "Secret": (),
    "OnePasswordItem": (),
    "ExternalSecret": (("spec", "target", "name"),),
    "SealedSecret": (("spec", "template", "metadata", "name"),),
    "VaultStaticSecret": (("spec", "destination", "name"),),
    "VaultDynamicSecret": (("spec", "destination", "name"),),
    "InfisicalSecret": (("spec", "managedSecretReference", "secretName"),),
    "BitwardenSecret": (("spec", "secretName"),),
    "SopsSecret": (("spec", "secretTemplates"),),
    "Certificate": (("spec", "secretName"),),
}
"""Kind -> where it names the Secret that it makes; the manifest's own name where it does not."""


def made_secrets(manifests: Iterable[Manifest]) -> Mapping[tuple[str, str], SecretKeys]:
    """Return namespace and name of each Secret that some manifests are, or that an operator makes of them, with its keys.

    What several manifests make together has the keys of each. None where not all keys are known.
    """
    found: dict[tuple[str, str], SecretKeys] = {}
    for manifest, name in _made(manifests):
        place, keys = (manifest.namespace, name), secret_keys(manifest)
        known = found.get(place, frozenset())
        found[place] = None if keys is None or known is None else keys | known
    return found


def _made(manifests: Iterable[Manifest]) -> Iterator[tuple[Manifest, str]]:
    for manifest in manifests:
        if manifest.kind in _NAMED:
            yield from ((manifest, name) for name in _named(manifest))
        elif names := _OF_DATABASES.get((manifest.group, manifest.kind)):
            yield from ((manifest, name) for name in names(manifest))


def _named(manifest: Manifest) -> Iterator[str]:
    for pointer in _NAMED[manifest.kind]:
        value = manifest.at(pointer)
        if isinstance(value, list):
            yield from (str(item.get("name")) for item in value if isinstance(item, Mapping))
            return
        if value:
            yield str(value)
            return
    yield manifest.name


def _of_cloudnative_pg(cluster: Manifest) -> Iterator[str]:
    """https://cloudnative-pg.io/documentation/current/applications/#secrets"""
    yield from (f"{cluster.name}-{user}" for user in ("app", "superuser"))


def _of_crunchy(cluster: Manifest) -> Iterator[str]:
    """https://access.crunchydata.com/documentation/postgres-operator/latest/tutorials/basic-setup/user-management"""
    users: Any = cluster.at(("spec", "users"))
    listed = users if isinstance(users, list) else []
    names = [str(user["name"]) for user in listed if isinstance(user, Mapping) and user.get("name")]
    yield from (f"{cluster.name}-pguser-{name}" for name in names or [cluster.name])


_OF_DATABASES: Mapping[tuple[str, str], Callable[[Manifest], Iterator[str]]] = {
    ("postgresql.cnpg.io", "Cluster"): _of_cloudnative_pg,
    ("postgres-operator.crunchydata.com", "PostgresCluster"): _of_crunchy,
}
