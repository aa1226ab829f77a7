"""A switch of a chart in its run: the accounts that it is about, their bindings, and the namespaces that they should be bound in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from agentslint.rule import RenderedTarget, values_path

from .bindings import Account, Binding, bindings, landing
from .releases import Release
from .run import Run
from .switches import Listed, Named, Switch

if TYPE_CHECKING:
    from agentslint.rule import Manifest, Place, PodSpec

    from .switches import Path
    from .variables import Carrier


class Case(Struct, frozen=True, dict=True):
    """A switch of a release, with the run that it is checked in."""

    run: Run
    release: Release
    switch: Switch

    @property
    def target(self) -> RenderedTarget:
        """The target with the chart."""
        return self.release.target

    @cached_property
    def pods(self) -> Sequence[PodSpec]:
        """The pods of the chart that the switch belongs to."""
        return self.release.pods(self.switch)

    @cached_property
    def candidates(self) -> Sequence[Account]:
        """The accounts of the chart's pods."""
        return sorted({self.release.account(pod) for pod in self.pods})

    @cached_property
    def accounts(self) -> Sequence[Account]:
        """Those of them that the switch is about: costs a render, so it is asked last."""
        return sorted(self.release.governed(self.switch))

    @property
    def is_undecided(self) -> bool:
        """Whether the accounts had to be known, and are not."""
        return "accounts" in self.__dict__ and not self.accounts

    @cached_property
    def together(self) -> Sequence[RenderedTarget]:
        """The target, and the other sources of its application."""
        own = self.target.target.deployed
        others = [
            each
            for each in self.run.targets
            if own and each is not self.target and (its := each.target.deployed) and its.application.id == own.application.id
        ]
        return self.target, *others

    def of_kind(self, kind: str) -> list[Manifest]:
        """The manifests of a kind in the target and the other sources of its application."""
        return [manifest for target in self.together for manifest in target.of_kind(kind)]

    @cached_property
    def bound(self) -> Mapping[Account, Sequence[Binding]]:
        """The RoleBindings of each candidate, also those of other targets that do not install it themselves for another cluster."""
        return {account: tuple(self._bound(account)) for account in self.candidates}

    def _bound(self, account: Account) -> Iterator[Binding]:
        for target, bound in self.run.role_bindings:
            if target in self.together or not self.run.installs(target, account):
                yield from bindings(bound, account, landing(target))

    def covers(self, account: Account, namespace: str) -> bool:
        """Tell whether a role is bound to an account in a namespace; where an object without a namespace lands, nobody knows here."""
        return any(each.namespace in ("", namespace) and self._exists(each) for each in self.bound[account])

    def lacks(self, namespace: str) -> bool:
        """Tell whether nothing is bound in a namespace to any of the accounts, as far as the run knows."""
        if all(self.covers(account, namespace) for account in self.candidates):
            return False
        if not self.accounts or any(self.covers(account, namespace) for account in self.accounts):
            return False
        return self._creates_roles or any(self.bound[account] for account in self.accounts)

    def dangling(self, namespace: str) -> Binding | None:
        """Return a binding in a namespace of a Role that nothing renders."""
        return next((each for account in self.accounts for each in self.bound[account] if each.namespace == namespace), None)

    @property
    def own_namespace(self) -> str:
        """The namespace that is watched where no list names any: that of the release; empty where nobody knows it."""
        homes = {account.namespace for account in self.candidates}
        listed = self.switch.lists or not self.release.knows_lists(self.switch)
        return homes.pop() if len(homes) == 1 and not listed else ""

    def agrees(self, carrier: Carrier, account: Account) -> bool:
        """Tell whether a variable names the namespaces of one of the lists and no others in which its account has no role."""
        lists = [frozenset(named.name for named in each.names) for each in self.switch.lists]
        unclear = any(each.unclear for each in self.switch.lists) or not account.namespace
        if not carrier.names or unclear or not (lists or self.own_namespace):
            return True
        home = frozenset((account.namespace,))
        bound = frozenset(each.namespace for each in self.bound[account])
        return any(names <= carrier.names for names in lists or (home,)) and carrier.names <= home.union(bound, *lists)

    def place(self, listed: Listed | None = None, named: Named | None = None) -> Place:
        """Where a namespace stands in a list of the values, else the list, else the switch, else the chart's entry."""
        values = self.release.values
        path = listed.path if listed else self.switch.path
        if given := self._given(path, named):
            return given
        item = values.location(path, *named.item) if named else None
        return item or values.location(path) or self.target.chart_place(self.release.entry)

    def _given(self, path: Path, named: Named | None) -> Place | None:
        """Where the deployer's object says a value of its own: in a block of text, or as a parameter."""
        ways = ((*path, *(named.item if named else ())), path)
        own = [scalar for scalar in self.target.authored if scalar.layer.value == "deployer"] if self.target.target.deployed else []
        found = (scalar for way in ways for scalar in own if values_path(scalar) == way)
        return next((scalar.location() for scalar in found), None)

    def related(self, *others: tuple[Place, str]) -> list[tuple[Place, str]]:
        """The places beside a finding: others, and the switch."""
        return [*others, (self.place(), "the values keep RBAC to namespaces")]

    def _exists(self, binding: Binding) -> bool:
        """Whether the Role of a binding is rendered; a ClusterRole may be there without."""
        is_known = binding.kind == "Role" and binding.namespace and self.run.is_whole
        return not is_known or self.run.has_role(binding.role, binding.namespace)

    @property
    def _creates_roles(self) -> bool:
        """Whether the values leave it to the chart to create roles: else all may come from outside of the repository."""
        chart, switch = self.switch.chart, self.switch
        owners = {switch.path[:-1], (*chart, "rbac"), (*chart, *switch.block, "rbac")}
        return all(self.release.values.at((*owner, key)) is not False for owner in owners if owner for key in ("create", "enabled"))
