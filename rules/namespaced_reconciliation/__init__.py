from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentslint.rule import Annotated, Field, Finding, Level, Meta, Reasoned, RenderedTarget, Rule, RuleOptions

from .values import Path, limits, split, watched

if TYPE_CHECKING:
    from agentslint.rule import ChartValues, Manifest, Place, Variable

_VARIABLE = re.compile(r"(?:.*_)?(?:NAMESPACES|WATCH(?:ED)?_NAMESPACE)")


@dataclass(frozen=True)
class _Release:
    """A chart with what it renders, its values, and the service accounts of its pods, each with its namespace."""

    target: RenderedTarget
    values: ChartValues
    manifests: Sequence[Manifest]
    namespace: str

    @property
    def accounts(self) -> set[str]:
        pods = [pod for pod in self.target.pods if pod.manifest in self.manifests]
        return {str(pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount") or "default") for pod in pods}

    def bindings(self, kind: str) -> Iterator[tuple[Manifest, str]]:
        """The bindings of one kind that give a role to an account of the chart, each with the account."""
        for manifest in self.manifests if self.accounts else ():
            subjects = manifest.at(("subjects",)) if manifest.kind == kind else None
            for subject in subjects if isinstance(subjects, list) else ():
                if isinstance(subject, dict) and subject.get("kind") == "ServiceAccount" and subject.get("name") in self.accounts:
                    yield manifest, str(subject["name"])
                    break


class NamespacedReconciliation(Rule):
    """A chart whose values keep its controllers to some namespaces, and whose roles or variables say otherwise.

    ## Why
    `rbac.clusterScoped: false` promises that the controllers read and write in the watched namespaces alone. A ClusterRoleBinding that
    the chart renders all the same gives them the whole cluster. A watched namespace without a Role and a RoleBinding is one in which
    they fail, and a variable that lists other namespaces makes them watch those.

    The switches and lists are found by their names in the values of a chart (`clusterScoped`, `clusterWide`, `namespaceScoped`;
    `watchNamespaces`, `namespaces` of a controller), or named with `switches` and `namespaces`. A list with `*` watches all namespaces.

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
            tuple[str, ...],
            Meta(description="Values (`rbac.clusterScoped`) that limit a chart; learnt from their names if empty."),
        ] = ()
        namespaces: Annotated[
            tuple[str, ...],
            Meta(description="Values (`controller.namespaces`) with watched namespaces; learnt from their names if empty."),
        ] = ()
        allow: Annotated[
            tuple[Reasoned, ...], Meta(description="ClusterRoles (globs) that the accounts may have all the same, each with its reason.")
        ] = ()

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for release in _releases(target):
            for switch in list(limits(release.values.merged, self.options.switches))[:1]:
                lists = list(watched(release.values.merged, self.options.namespaces))
                yield from self._of_the_cluster(release, switch)
                yield from self._uncovered(release, switch, lists)
                yield from self._of_variables(release, lists)

    def _of_the_cluster(self, release: _Release, switch: Path) -> Iterator[Finding]:
        for binding, account in release.bindings("ClusterRoleBinding"):
            role = str(binding.at(("roleRef", "name")))
            if not self.allows(self.options.allow, role):
                message = f"{binding.resource} gives the ClusterRole {role} to the account {account}, although {_said(release, switch)}"
                yield self.finding(
                    Field(binding, ("metadata", "name")), f"{message}: render a RoleBinding", related=_related(release, switch)
                )

    def _uncovered(self, release: _Release, switch: Path, lists: Sequence[tuple[Path, list[str]]]) -> Iterator[Finding]:
        bound = {binding.namespace or release.namespace for binding, _ in release.bindings("RoleBinding")}
        if "" in bound or not release.accounts:
            # Where an object without a namespace lands, nobody knows here.
            return
        told: set[str] = set()
        for path, names in lists:
            for name in names:
                place = _place_of(release, path, name)
                if name not in bound and name not in told and place:
                    told.add(name)
                    message = f"namespace {name} is watched without a RoleBinding for the chart, although"
                    yield self.finding(
                        place,
                        f"{message} {_said(release, switch)}: render one",
                        target=release.target.target,
                        related=_related(release, switch),
                    )

    def _of_variables(self, release: _Release, lists: Sequence[tuple[Path, list[str]]]) -> Iterator[Finding]:
        known = [set(names) for _, names in lists]
        for variable in release.target.variables if known else ():
            if variable.manifest in release.manifests and _is_about(variable) and set(split(variable.literal)) not in known:
                path, names = lists[0]
                message = f"{variable.owner} gets {variable.name}={variable.literal}, and {'.'.join(path)} is {', '.join(names)}"
                place = release.values.location(path)
                related = [(place, "the watched namespaces")] if place else []
                yield self.finding(variable.field, f"{message}: let the variable list the watched namespaces", related=related)


def _is_about(variable: Variable) -> bool:
    return bool(variable.literal) and _VARIABLE.fullmatch(variable.name) is not None


def _releases(target: RenderedTarget) -> Iterator[_Release]:
    for entry in target.target.closure.charts:
        made = [manifest for manifest in target.manifests if (call := target.call_of(manifest)) and _is_of(entry, call)]
        calls = [call for manifest in made[:1] if (call := target.call_of(manifest))]
        deployed = target.target.deployed
        lands = deployed.application.destination.namespace if deployed else ""
        yield _Release(target, target.values_of(entry), made, (calls[0].namespace if calls else "") or lands)


def _is_of(entry: object, call: object) -> bool:
    return (getattr(entry, "name", ""), getattr(entry, "release", "")) == (getattr(call, "chart", ""), getattr(call, "release", ""))


def _place_of(release: _Release, path: Path, name: str) -> Place | None:
    """Where a list of the values names a namespace; the list where that is not found."""
    whole = release.values.location(path)
    scalars = (each for each in release.target.authored if whole and each.path == whole.path and each.text == name)
    item = next((each for each in scalars if whole and each.region.start_line >= whole.region.start_line), None)
    return item.location() if item else whole


def _said(release: _Release, switch: Path) -> str:
    return f"{'.'.join(switch)} is {str(release.values.at(switch)).lower()}"


def _related(release: _Release, switch: Path) -> list[tuple[Place, str]]:
    place = release.values.location(switch)
    return [(place, "the values keep it to namespaces")] if place else []
