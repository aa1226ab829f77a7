"""The roles and bindings of all targets of a run, each found once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from agentslint.rule import hands_values

from .bindings import landing

if TYPE_CHECKING:
    from agentslint.rule import Fleet, Manifest, RenderedTarget

    from .bindings import Account


class Run:
    """All targets of a run."""

    def __init__(self, fleet: Fleet) -> None:
        self.targets = fleet.targets
        self._fleet = fleet
        self._homes: dict[RenderedTarget, frozenset[tuple[str, str]]] = {}

    @cached_property
    def is_whole(self) -> bool:
        """Whether it has all targets of the repository, and each application in them is judged: another one may bring a role."""
        return self._fleet.is_whole and not any(_deploys(each) for target in self.targets for each in target.unjudged)

    @cached_property
    def role_bindings(self) -> Sequence[tuple[RenderedTarget, Sequence[Manifest]]]:
        """The RoleBindings of each target that has some."""
        found = ((target, list(target.of_kind("RoleBinding"))) for target in self.targets)
        return [(target, bound) for target, bound in found if bound]

    @cached_property
    def cluster_roles(self) -> Sequence[Manifest]:
        """The ClusterRoles of all targets."""
        return [role for target in self.targets for role in target.of_kind("ClusterRole")]

    @cached_property
    def _roles(self) -> frozenset[tuple[str, str]]:
        return frozenset((role.name, role.namespace or landing(target)) for target in self.targets for role in target.of_kind("Role"))

    def has_role(self, name: str, namespace: str) -> bool:
        """Tell whether a Role is rendered in a namespace, or where nobody knows the namespace."""
        return (name, namespace) in self._roles or (name, "") in self._roles

    def installs(self, target: RenderedTarget, account: Account) -> bool:
        """Tell whether a target runs pods of an account itself."""
        if target not in self._homes:
            pods = ((pod.spec.get("serviceAccountName"), pod.manifest.namespace or landing(target)) for pod in target.pods)
            self._homes[target] = frozenset((str(name), namespace) for name, namespace in pods)
        return (account.name, account.namespace) in self._homes[target]


def _deploys(manifest: Manifest) -> bool:
    return hands_values(manifest) or manifest.group == "kustomize.toolkit.fluxcd.io"
