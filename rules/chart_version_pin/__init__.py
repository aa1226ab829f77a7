from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agentslint.rule import (
    Annotated,
    Finding,
    Fleet,
    Level,
    Meta,
    Reasoned,
    RenderedTarget,
    Rule,
    RuleOptions,
    SourceReference,
    TargetKind,
    UnrenderedTarget,
    some,
)

_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_LISTED = 3

if TYPE_CHECKING:
    from agentslint.rule import HelmChartEntry, LocalChart

    _Used = tuple[RenderedTarget, HelmChartEntry, LocalChart]


class ChartVersionPin(Rule):
    """A Helm chart whose version may move or differs from its Chart.yaml, or whose CustomResourceDefinitions nothing renders.

    ## Why
    Without an exact version (`^1.2`, `1.x`, `*`, or none at all) each render may take another chart: what runs changes with no commit,
    and nobody can roll it back. Where the chart lies in the repository, its own Chart.yaml decides, and a version beside it that says
    something else is wrong, or will be used when the folder is gone.

    `helm template` leaves out the `crds/` of a chart unless it is asked for them. Without the definitions the objects of the chart are
    refused, and definitions that were installed by hand stay at an old version.

    The rule looks at `helmCharts`, at the chart sources of Applications and ApplicationSets, and at charts that a deployer renders. It
    knows the `crds/` of charts in the repository; definitions that any target of the run renders count.

    ## Fix
    Write the exact version, that of Chart.yaml where the chart is in the repository. Set `includeCRDs: true`, and remove `skipCrds`.

    ## References
    - https://helm.sh/docs/chart_best_practices/dependencies/
    - https://helm.sh/docs/chart_best_practices/custom_resource_definitions/
    - https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
    """

    level = Level.WARNING
    tags = ("helm", "promotion")

    class Options(RuleOptions, frozen=True):
        allow: Annotated[
            tuple[Reasoned, ...],
            Meta(description="Charts (globs of `host/path/name`, or of the name) whose version may move, each with its reason."),
        ] = ()
        external: Annotated[
            tuple[Reasoned, ...],
            Meta(description="CustomResourceDefinitions (globs of their names) that come from elsewhere, each with its reason."),
        ] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        everything: tuple[RenderedTarget | UnrenderedTarget, ...] = (*fleet.targets, *fleet.unrendered)
        rendered = {(source.repository, source.revision) for each in fleet.targets for source in each.sources}
        self._note_names(fleet, everything)
        for each in everything:
            # Of an application whose chart cannot be had, its object tells the same.
            is_told = isinstance(each, UnrenderedTarget) and each.target.deployed is not None
            for source in each.sources:
                is_moving = bool(source.chart) and not _EXACT.fullmatch(source.revision)
                if not is_moving or (is_told and (source.repository, source.revision) in rendered):
                    continue
                if not self.allows(self.options.allow, source.repository, source.chart):
                    yield self.finding(source.place, _moving(source), target=each.target)
        charts = list(_local_charts(fleet))
        for target, entry, chart in charts:
            if chart.version and self._is_to_agree(entry) and entry.version.lstrip("v") != chart.version.lstrip("v"):
                message = f"chart {entry.name} is version {chart.version} in {chart.folder}/Chart.yaml, and the entry says {entry.version}"
                yield self.finding(target.version_place(entry), f"{message}: write {chart.version}", target=target.target)
        # Of a part of the repository, or of one that does not render, nobody knows which definitions the rest brings.
        if fleet.is_whole and any(chart.crds for _, _, chart in charts):
            yield from self._without_definitions(fleet, charts)

    def _note_names(self, fleet: Fleet, everything: Sequence[RenderedTarget | UnrenderedTarget]) -> None:
        """Tell the run which charts there are, also those that the option need not allow."""
        if self.options.allow:
            names = [name for each in everything for source in each.sources if source.chart for name in (source.repository, source.chart)]
            names += [entry.name for target in fleet.targets for entry in target.target.closure.charts]
            self.looked_at(self.options.allow, names, noun="chart")

    def _is_to_agree(self, entry: HelmChartEntry) -> bool:
        """Whether the entry of a chart says a version that must be the chart's; one that may move is looked at with the sources."""
        if _EXACT.fullmatch(entry.version):
            return True
        return bool(entry.version) and not entry.repo and not self.allows(self.options.allow, entry.name)

    def _without_definitions(self, fleet: Fleet, charts: Sequence[_Used]) -> Iterator[Finding]:
        brought = frozenset[str]().union(*(target.definitions for target in fleet.targets))
        for target, entry, chart in charts:
            named = [name for name in chart.crds if not self.allows(self.options.external, name)]
            missing = [name for name in named if name not in brought]
            if missing and (how := _how(target)):
                message = f"chart {entry.name} has CustomResourceDefinitions that nothing renders ({some(missing, _LISTED)}): {how}"
                yield self.finding(target.definitions_place(entry), message, target=target.target)


def _local_charts(fleet: Fleet) -> Iterator[_Used]:
    """Yield each chart of the repository that a target uses: its files are read once, however many do."""
    known: dict[str, LocalChart] = {}
    for target in fleet.targets:
        for entry in target.target.closure.charts:
            if chart := target.local_chart(entry):
                yield target, entry, known.setdefault(chart.folder, chart)


def _moving(source: SourceReference) -> str:
    given = f"has the version {source.revision}, which may be another chart tomorrow" if source.revision else "has no version"
    return f"chart {source.chart} of {source.repository.removesuffix(f'/{source.chart}')} {given}: write the exact version"


def _how(target: RenderedTarget) -> str:
    """How the renderer of a target is asked for them; empty for deployers that install them in their own way (Flux)."""
    deployed = target.target.deployed
    if deployed is None or target.target.kind is TargetKind.KUSTOMIZATION:
        return "set includeCRDs: true"
    return {"argocd": "remove skipCrds", "configuration": "set include-crds"}.get(deployed.application.deployer, "")
