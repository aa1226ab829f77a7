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
    """A binding, the `namespace` in which it lands, and the role that it binds; `group` is that of accounts that it names, if it does."""

    manifest: Manifest
    namespace: str
    kind: str
    role: str
    group: str = ""


def landing(target: RenderedTarget) -> str:
    """Return the namespace of manifests that name none; empty where nobody knows it."""
    deployed = target.target.deployed
    if deployed and deployed.application.destination.namespace:
        return deployed.application.destination.namespace
    called = {call.namespace for call in target.calls}
    return called.pop() if len(called) == 1 else ""


def bindings(manifests: Sequence[Manifest], account: Account, namespace: str) -> Iterator[Binding]:
    """Yield the bindings that have an account, or a group that it is in. `namespace` is that of manifests without one."""
    for manifest in manifests:
        subjects = manifest.at(("subjects",)) if manifest.kind in _KINDS else None
        lands = "" if manifest.kind == "ClusterRoleBinding" else manifest.namespace or namespace
        given = [subject for subject in subjects if isinstance(subject, Mapping)] if isinstance(subjects, list) else []
        about = [subject for subject in given if _is_about(subject, account, lands)]
        if about:
            group = str(about[0].get("name")) if all(subject.get("kind") == "Group" for subject in about) else ""
            yield Binding(manifest, lands, str(manifest.at(("roleRef", "kind"))), str(manifest.at(("roleRef", "name"))), group)


def role_names(target: RenderedTarget) -> Iterator[str]:
    """Yield the names of the ClusterRoles that a target renders or binds in every namespace."""
    yield from (role.name for role in target.of_kind("ClusterRole"))
    yield from (str(binding.at(("roleRef", "name"))) for binding in target.of_kind("ClusterRoleBinding"))


def _is_about(subject: Mapping[str, Any], account: Account, lands: str) -> bool:
    """https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects"""
    name = str(subject.get("name"))
    match subject.get("kind"):
        case "ServiceAccount":
            where = str(subject.get("namespace") or lands)
            return name == account.name and (not where or not account.namespace or where == account.namespace)
        case "User":
            return name == f"system:serviceaccount:{account.namespace}:{account.name}"
        case "Group":
            return name in ("system:serviceaccounts", "system:authenticated", f"system:serviceaccounts:{account.namespace}")
    return False
