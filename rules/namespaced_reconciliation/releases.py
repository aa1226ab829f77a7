"""A chart of a target, or a chart inside of it: what it renders, and the accounts that a switch of its values is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from agentslint.rule import any_names

from .bindings import Account, bindings, landing

if TYPE_CHECKING:
    from agentslint.rule import ChartValues, HelmChartEntry, Manifest, PodSpec, RenderedTarget

    from .switches import Path, Switch

_SUBCHART = re.compile(r"/charts/([^/]+)(?=/)")


class Release(Struct, frozen=True):
    """A chart of a target with its values, and the manifests of the chart and of each chart inside of it."""

    target: RenderedTarget
    entry: HelmChartEntry
    values: ChartValues
    charts: Mapping[Path, Sequence[Manifest]]

    @property
    def namespace(self) -> str:
        """Where manifests land that name no namespace."""
        return landing(self.target)

    def pods(self, switch: Switch) -> list[PodSpec]:
        """The pods of the chart that a switch belongs to, and of those inside of it."""
        made = [each for chart, those in self.charts.items() if chart[: len(switch.chart)] == switch.chart for each in those]
        return [pod for pod in self.target.pods if not pod.guessed and pod.manifest in made]

    def knows_lists(self, switch: Switch) -> bool:
        """Whether a list that is not in the values is none: the chart's own values can be read."""
        return self.values.knows_defaults and not switch.chart

    def account(self, pod: PodSpec) -> Account:
        """The account of a pod."""
        name = pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount") or "default"
        return Account(pod.manifest.namespace or self.namespace, str(name))

    def governed(self, switch: Switch) -> frozenset[Account]:
        """The accounts that a switch is about; none where nobody can tell.

        They are those whose roles differ where the switch says the opposite, else those of pods that differ. If nothing differs at all
        (the chart does not heed its switch), the names tell.
        """
        pods = self.pods(switch)
        accounts = frozenset(map(self.account, pods))
        if switch.configured and switch.configured.accounts:
            return frozenset(each for each in accounts if any_names(switch.configured.accounts, each.name))
        other = self.target.manifests_with(self.entry, switch.path, switch.opposite) if accounts else None
        if other is None:
            return self._by_name(switch, pods)
        differing = self._bound_otherwise(accounts, other) or self._run_otherwise(pods, other)
        if differing or _texts(other) != _texts(self.target.manifests):
            return differing
        return self._by_name(switch, pods)

    def _bound_otherwise(self, accounts: frozenset[Account], other: Sequence[Manifest]) -> frozenset[Account]:
        def roles(manifests: Sequence[Manifest], account: Account) -> set[tuple[str, str, str]]:
            return {(each.namespace, each.kind, each.role) for each in bindings(manifests, account, self.namespace)}

        return frozenset(each for each in accounts if roles(self.target.manifests, each) != roles(other, each))

    def _run_otherwise(self, pods: Sequence[PodSpec], other: Sequence[Manifest]) -> frozenset[Account]:
        there = {(each.kind, each.namespace, each.name): each for each in other}
        changed = []
        for pod in pods:
            twin = there.get((pod.manifest.kind, pod.manifest.namespace, pod.manifest.name))
            if twin is not None and twin.at(pod.pointer) != pod.spec:
                changed.append(pod)
        return frozenset(map(self.account, changed))

    def _by_name(self, switch: Switch, pods: Sequence[PodSpec]) -> frozenset[Account]:
        """The account that the block names, that of the workload that is called like the block, or the only one of the chart."""
        lasting = [pod for pod in pods if not _is_hook(pod.manifest)]
        accounts = frozenset(map(self.account, lasting))
        if not switch.block:
            return accounts if len(accounts) == 1 else frozenset()
        named = self.values.at((*switch.chart, *switch.block, "serviceAccount", "name"))
        by_account = frozenset(each for each in accounts if named and each.name == named)
        words = switch.block[-1].lower()
        by_workload = frozenset(self.account(pod) for pod in lasting if words in pod.manifest.name.lower().replace("-", ""))
        found = by_account or by_workload
        return found if len(found) == 1 else frozenset()


def releases(target: RenderedTarget) -> Iterator[Release]:
    """Yield the charts of a target with what they render."""
    made: dict[tuple[str, str], dict[Path, list[Manifest]]] = {}
    for manifest in target.manifests:
        if call := target.call_of(manifest):
            chart = tuple(_SUBCHART.findall(target.template_of(manifest)))
            made.setdefault((call.chart, call.release), {}).setdefault(chart, []).append(manifest)
    for entry in target.target.closure.charts:
        if found := made.get((entry.name, entry.release)):
            yield Release(target, entry, target.values_of(entry), found)


def _texts(manifests: Sequence[Manifest]) -> list[str]:
    return [each.text for each in manifests if each.kind != "CustomResourceDefinition"]


def _is_hook(manifest: Manifest) -> bool:
    annotations = manifest.at(("metadata", "annotations"))
    return isinstance(annotations, dict) and "helm.sh/hook" in annotations
