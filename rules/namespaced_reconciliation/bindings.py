"""Bindings of roles to service accounts, in the namespaces where they land."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from agentslint.rule import Manifest, RenderedTarget

_KINDS = ("RoleBinding", "ClusterRoleBinding")


class Account(Struct, frozen=True, order=True):
    """A service account; its namespace is empty where nobody knows it."""

    namespace: str
    name: str


class Binding(Struct, frozen=True):
    """A binding, the `namespace` in which it lands, and the role that it binds."""

    manifest: Manifest
    namespace: str
    kind: str
    role: str


def landing(target: RenderedTarget) -> str:
    """Return the namespace of manifests that name none; empty where nobody knows it."""
    deployed = target.target.deployed
    if deployed and deployed.application.destination.namespace:
        return deployed.application.destination.namespace
    called = {call.namespace for call in target.calls}
    return called.pop() if len(called) == 1 else ""


def bindings(manifests: Sequence[Manifest], account: Account, namespace: str, *, groups: bool = False) -> Iterator[Binding]:
    """Yield the bindings that have an account; with `groups` also those of all accounts. `namespace` is that of manifests without one."""
    for manifest in manifests:
        subjects = manifest.at(("subjects",)) if manifest.kind in _KINDS else None
        lands = "" if manifest.kind == "ClusterRoleBinding" else manifest.namespace or namespace
        given = subjects if isinstance(subjects, list) else ()
        if any(_is_about(subject, account, lands, groups=groups) for subject in given if isinstance(subject, Mapping)):
            yield Binding(manifest, lands, str(manifest.at(("roleRef", "kind"))), str(manifest.at(("roleRef", "name"))))


def _is_about(subject: Mapping[str, Any], account: Account, lands: str, *, groups: bool) -> bool:
    name = str(subject.get("name"))
    match subject.get("kind"):
        case "ServiceAccount":
            where = str(subject.get("namespace") or lands)
            return name == account.name and (not where or not account.namespace or where == account.namespace)
        case "User":
            return name == f"system:serviceaccount:{account.namespace}:{account.name}"
        case "Group":
            return groups and name in ("system:serviceaccounts", "system:authenticated", f"system:serviceaccounts:{account.namespace}")
    return False
