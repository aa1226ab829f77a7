from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from agentslint.rule import Annotated, Field, Finding, Fleet, Level, Meta, NotChecked, Reasoned, RenderedTarget, Rule, RuleOptions, some

from .bindings import Account, Binding, bindings, role_names
from .case import Case
from .cluster_roles import ClusterRoles, resource_names
from .custom_resources import CustomResources
from .releases import releases
from .run import Run
from .switches import NamespacedSwitch, has_switch, switches_in
from .variables import carriers

if TYPE_CHECKING:
    from agentslint.rule import Place

    from .switches import Listed
    from .variables import Carrier

_LISTED = 3
_MOST = 50
"""Switches of one chart that are judged: each may ask for a render."""
Said = Iterator[Finding | NotChecked]


class NamespacedReconciliation(Rule):
    """A chart whose values limit its RBAC to namespaces, but whose roles or variables do not keep to them.

    ## Why
    `rbac.clusterScoped: false` promises that controllers read and write in the watched namespaces alone. A ClusterRoleBinding that is
    rendered all the same gives them every namespace. In a watched namespace without a Role and a RoleBinding they fail, and a variable
    that names other namespaces makes them watch those.

    Switches and lists are found by the names that well-known charts give them (`rbac.clusterScoped`, `config.clusterWide`,
    `rbac.namespaced`, `rbac.scope`, `scopedRBAC`, `singleNamespace`, `watchAnyNamespace`, and others; `watchNamespaces`,
    `controller.namespaces`), or named with `switches`. Where something seems wrong, the target is rendered once more with the opposite
    value: the switch is about the accounts whose roles differ. Where nothing differs, the accounts are found by name. If that fails,
    too, a switch that was learnt is skipped, and one of `switches` is "not checked".

    What is bound to a group of accounts (`system:serviceaccounts`, those of a namespace, `system:authenticated`) counts for each of them.
    A ClusterRole may give what no Role can: resources that belong to no namespace (nodes, CustomResourceDefinitions, token reviews),
    URLs, and writing events. It is reported where it is known to give more. RoleBindings may be in other targets; where a part of
    the repository or an application is not judged, a missing one is "not checked". The rules of Roles are not compared.

    ## Fix
    Render a Role and a RoleBinding in each watched namespace in the place of the ClusterRoleBinding, or set the switch to what the
    controllers need.

    ## References
    - https://kubernetes.io/docs/reference/access-authn-authz/rbac/
    - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
    """

    level = Level.ERROR
    tags = ("rbac", "helm")

    class Options(RuleOptions, frozen=True):
        switches: Annotated[
            tuple[NamespacedSwitch, ...],
            Meta(
                description="Values that keep RBAC to namespaces: `{switch, namespaced, namespaces, accounts, chart}`; others are learnt."
            ),
        ] = ()
        variables: Annotated[
            tuple[str, ...],
            Meta(description="Environment variables (globs) with the watched namespaces; learnt (`WATCH_NAMESPACE`) if empty."),
        ] = ()
        allow: Annotated[
            tuple[Reasoned, ...], Meta(description="ClusterRoles (globs) that the accounts may have all the same, each with its reason.")
        ] = ()
        cluster_resources: Annotated[
            tuple[str, ...],
            Meta(description="What ClusterRoles may give that no Role can (globs): `nodes`, `storage.k8s.io/storageclasses`, `/metrics`."),
        ] = ("*",)

    options: Options

    def check_fleet(self, fleet: Fleet) -> Said:
        run, custom = Run(fleet), CustomResources(fleet)
        self._note_names(fleet)
        for target in fleet.targets:
            for case in self._cases(run, target):
                if isinstance(case, NotChecked):
                    yield case
                    continue
                yield from self._of_cluster(case, custom)
                yield from self._of_lists(case)
                yield from self._of_carriers(case)
                if case.switch.configured and case.is_undecided:
                    message = f"cannot tell which service accounts {'.'.join(case.switch.path)} is about: name them (accounts)"
                    yield self.not_checked(case.place(), message, target=target.target)
        if self.options.switches and run.is_whole:
            yield from self._unknown_switches(fleet)

    def _note_names(self, fleet: Fleet) -> None:
        """Tell the run what there is for the globs of the options."""
        options, targets = self.options, fleet.targets
        charts = {entry.name for target in targets for entry in target.target.closure.charts} if options.switches else ()
        self.looked_at(options.switches, charts, key="chart", noun="chart", is_needed=True)
        variables = {variable.name for target in targets for variable in target.variables} if options.variables else ()
        self.looked_at(options.variables, variables, noun="variable", is_needed=True)
        roles = {name for target in targets for name in role_names(target)} if options.allow else ()
        self.looked_at(options.allow, roles, noun="ClusterRole")
        if "*" not in options.cluster_resources:
            given = {name for target in targets for role in target.of_kind("ClusterRole") for name in resource_names(role)}
            self.looked_at(options.cluster_resources, given, noun="resource")

    def _unknown_switches(self, fleet: Fleet) -> Said:
        """Switches of the options that none of their charts has."""
        for switch in self.options.switches:
            charts = [
                (each, entry) for each in fleet.targets for entry in each.target.closure.charts if fnmatchcase(entry.name, switch.chart)
            ]
            if charts and not any(target.values_of(entry).knows(tuple(switch.switch.split("."))) for target, entry in charts):
                target, entry = charts[0]
                message = f"cannot check {switch.switch}: no chart has such a value"
                yield self.not_checked(target.chart_place(entry), f"{message} (switches)", target=target.target)

    def _cases(self, run: Run, target: RenderedTarget) -> Iterator[Case | NotChecked]:
        values = (target.values_of(entry).merged for entry in target.target.closure.charts)
        if any(has_switch(each, self.options.switches) for each in values):
            for release in releases(target):
                name = release.entry.name
                switches = switches_in(release.values.merged, list(release.charts), name, self.options.switches)
                yield from (Case(run, release, switch) for switch in switches[:_MOST])
                if len(switches) > _MOST:
                    beyond = f"cannot check {len(switches) - _MOST} of the {len(switches)} switches of {name}"
                    message = f"{beyond}: at most {_MOST} are judged, those of the option switches first"
                    yield self.not_checked(target.chart_place(release.entry), message, target=target.target)

    def _of_cluster(self, case: Case, custom: CustomResources) -> Said:
        """Roles in every namespace."""
        roles = ClusterRoles(case.of_kind("ClusterRole"), case.run.cluster_roles, custom, self.options.cluster_resources)
        bound = case.of_kind("ClusterRoleBinding")
        for account in case.candidates:
            for binding in bindings(bound, account, ""):
                given = roles.given(binding.role)
                is_fine = self.allows(self.options.allow, binding.role) or (given.known and not given.resources)
                if is_fine or account not in case.accounts:
                    continue
                if given.resources:
                    yield self._everywhere(case, account, binding, given.resources)
                elif case.switch.configured:
                    message = f"cannot tell whether the ClusterRole {binding.role} reaches into namespaces: list it in allow, or render it"
                    yield self.not_checked(Field(binding.manifest, ("roleRef", "name")), message)

    def _everywhere(self, case: Case, account: Account, binding: Binding, resources: Sequence[str]) -> Finding:
        who = f"{account.name}, as one of {binding.group}," if binding.group else account.name
        given = f"{binding.manifest.resource} gives {who} {some(resources, _LISTED)} in every namespace"
        field, said = Field(binding.manifest, ("kind",)), case.switch.said
        if case.switch.is_text:
            message = f"{said}, a text that templates take as true ({given}): remove the quotes"
            return self.finding(case.place(), message, target=case.target.target, related=[(field, "rendered all the same")])
        return self.finding(field, f"{given}, although {said}: bind the role in the watched namespaces", related=case.related())

    def _of_lists(self, case: Case) -> Said:
        """Watched namespaces without a role."""
        seen: set[str] = set()
        # A text in the place of false is a switch that is on: with it mended, the roles are others.
        for listed in case.switch.lists if not case.switch.is_text else ():
            if listed.unclear and case.switch.configured:
                message = f"cannot check {'.'.join(listed.path)}: it is no list of names of namespaces"
                yield self.not_checked(case.place(listed), message, target=case.target.target)
            for named in listed.names:
                place = case.place(listed, named)
                if named.name == "*":
                    yield from self._of_all(case, listed, place)
                elif named.name not in seen:
                    seen.add(named.name)
                    yield from self._of_namespace(case, named.name, place)
        if case.own_namespace and not case.switch.is_text:
            yield from self._of_namespace(case, case.own_namespace, case.place())

    def _of_all(self, case: Case, listed: Listed, place: Place) -> Said:
        if case.accounts:
            message = f"{'.'.join(listed.path)} has *, although {case.switch.said}: list the namespaces, or let RBAC be cluster-scoped"
            yield self.finding(place, message, target=case.target.target, related=case.related())

    def _of_namespace(self, case: Case, namespace: str, place: Place) -> Said:
        if not case.lacks(namespace):
            return
        names = some([account.name for account in case.accounts], _LISTED)
        if not case.run.is_whole:
            message = f"cannot tell whether a role is bound to {names} in {namespace}: not all that is deployed is judged here"
            yield self.not_checked(place, message, target=case.target.target)
        elif binding := case.dangling(namespace):
            message = (
                f"{binding.manifest.resource} in the watched namespace {namespace} binds the Role {binding.role}, which nothing renders"
            )
            field = Field(binding.manifest, ("roleRef", "name"))
            yield self.finding(field, f"{message}: render the Role there", related=case.related((place, "the watched namespace")))
        else:
            message = f"no role is bound to {names} in the watched namespace {namespace}, although {case.switch.said}"
            yield self.finding(place, f"{message}: render a RoleBinding there", target=case.target.target, related=case.related())

    def _of_carriers(self, case: Case) -> Said:
        """Variables that name other namespaces."""
        accounts = {pod.manifest: case.release.account(pod) for pod in case.pods}
        for carrier in carriers(case.target, case.pods, self.options.variables):
            account = accounts[carrier.field.manifest]
            if (carrier.is_of_all or not case.agrees(carrier, account)) and account in case.accounts:
                yield self._of_carrier(case, carrier, account)

    def _of_carrier(self, case: Case, carrier: Carrier, account: Account) -> Finding:
        gets = f"{carrier.owner} gets {carrier.name}={carrier.text}"
        if carrier.is_of_all:
            message = f"{gets} (every namespace), although {case.switch.said}: name the watched namespaces"
            return self.finding(carrier.field, message, related=case.related())
        listed = next(iter(case.switch.lists), None)
        names = some([named.name for named in listed.names], _LISTED) if listed else account.namespace
        wanted = f"{'.'.join(listed.path)} is {names}" if listed else f"the release is in {names}"
        places = [(case.place(listed), "the watched namespaces")] if listed else []
        return self.finding(carrier.field, f"{gets}, and {wanted}: let both name the same namespaces", related=case.related(*places))
