"""What a ClusterRole gives in every namespace, beyond what no Role can give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from agentslint.rule import any_names, is_namespaced_resource

if TYPE_CHECKING:
    from agentslint.rule import Manifest

_FOR_PEOPLE = frozenset(("cluster-admin", "admin", "edit", "view"))
_OF_CLUSTER = frozenset(("system:auth-delegator", "system:discovery", "system:basic-user", "system:public-info-viewer"))
"""https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings"""
_INTO_PODS = frozenset(("nodes/proxy",))
"""Belongs to no namespace, and reaches into all pods: the API of the kubelet."""
_REPORTING = frozenset(("create", "patch", "update"))
"""Events about what belongs to no namespace are in the namespace `default`: to write them is no access to the others."""


class Given(Struct, frozen=True):
    """The resources that a role gives beyond what is fine; `known` is false where not all of it is known."""

    resources: tuple[str, ...] = ()
    known: bool = True


class ClusterRoles:
    """The ClusterRoles of a run, those of the target's `own` before those `elsewhere`.

    `scope` tells whether a custom resource belongs to a namespace; `fine` are globs of what belongs to none, and of URLs.
    """

    def __init__(
        self, own: Sequence[Manifest], elsewhere: Sequence[Manifest], scope: Callable[[str, str], bool | None], fine: Sequence[str]
    ) -> None:
        self._own = own
        self._elsewhere = elsewhere
        self._scope = scope
        self._fine = fine

    def given(self, name: str) -> Given:
        """Return what a role gives."""
        role = next((each for each in (*self._own, *self._elsewhere) if each.name == name), None)
        if role is None:
            return Given((f"the ClusterRole {name}",)) if name in _FOR_PEOPLE else Given(known=name in _OF_CLUSTER)
        rules, known = self._rules(role)
        found = [self._of_rule(rule) for rule in rules]
        resources = dict.fromkeys(resource for each in found for resource in each.resources)
        return Given(tuple(resources), known and all(each.known for each in found))

    def _rules(self, role: Manifest) -> tuple[list[Any], bool]:
        """The rules of a role, of an aggregated one those of the roles with its labels; and whether these are all."""
        selectors = role.at(("aggregationRule", "clusterRoleSelectors"))
        if not isinstance(selectors, list):
            return _items(role.at(("rules",))), True
        found, known = [], True
        for selector in selectors:
            wanted = selector.get("matchLabels") if isinstance(selector, Mapping) and len(selector) == 1 else None
            known = known and isinstance(wanted, Mapping)
            for other in self._own or self._elsewhere:
                labels = other.at(("metadata", "labels"))
                if isinstance(wanted, Mapping) and isinstance(labels, Mapping) and wanted.items() <= labels.items():
                    found += _items(other.at(("rules",)))
        return found, known

    def _of_rule(self, rule: Any) -> Given:
        verbs = set(_texts(rule.get("verbs"))) if isinstance(rule, Mapping) else set()
        if not verbs:
            return Given()
        found = [url for url in _texts(rule.get("nonResourceURLs")) if not any_names(self._fine, url)]
        known = True
        for group in _texts(rule.get("apiGroups")):
            for resource in _texts(rule.get("resources")):
                name = resource if resource in _INTO_PODS else resource.partition("/")[0]
                if name == "events" and verbs <= _REPORTING:
                    continue
                namespaced = self._is_namespaced(group, name)
                known = known and namespaced is not None
                if namespaced or (namespaced is False and not any_names(self._fine, _resource(group, name))):
                    found.append(_title(group, name))
        return Given(tuple(found), known)

    def _is_namespaced(self, group: str, name: str) -> bool | None:
        if group == "*":
            return True if name == "*" or name in _WELL_KNOWN else False if is_namespaced_resource("", name) is False else None
        if name in _INTO_PODS:
            return True
        if name == "*" and is_namespaced_resource(group, name):
            return group not in _ONLY_OF_CLUSTER
        known = is_namespaced_resource(group, name)
        return self._scope(group, name) if known is None else known


def resource_names(role: Manifest) -> Iterator[str]:
    """Yield the resources and URLs of a role's rules, as the option `cluster-resources` writes them."""
    for rule in _items(role.at(("rules",))):
        if isinstance(rule, Mapping):
            yield from _texts(rule.get("nonResourceURLs"))
            for group in _texts(rule.get("apiGroups")):
                yield from (
                    _resource(group, each if each in _INTO_PODS else each.partition("/")[0]) for each in _texts(rule.get("resources"))
                )


def _resource(group: str, name: str) -> str:
    return f"{group}/{name}" if group else name


_ONLY_OF_CLUSTER = frozenset(("authorization.k8s.io", "storage.k8s.io"))
"""Groups in which nearly everything belongs to no namespace."""
_WELL_KNOWN = frozenset(
    ("configmaps", "cronjobs", "daemonsets", "deployments", "ingresses", "jobs", "pods", "secrets", "services", "statefulsets")
)


def _title(group: str, name: str) -> str:
    if name != "*":
        return name
    return "everything" if group == "*" else f"everything of {group or 'the core group'}"


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [each for each in _items(value) if isinstance(each, str)]
