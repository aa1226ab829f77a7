from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Field, Finding, Level, Manifest, RenderedTarget, Rule, TargetKind, is_cluster_scoped, some

_LISTED = 3


class NamespaceLost(Rule):
    """Objects of a chart that do not get the namespace which the kustomization sets.

    ## Why
    Since 5.8.0, kustomize hands `namespace` to the charts in `helmCharts` and does not set it on what they render. A template without
    `namespace: {{ .Release.Namespace }}` renders an object without a namespace, and Argo CD puts it into the namespace of the
    application's destination. Where that is another one, the workload and its configuration are torn apart, mostly by an upgrade of
    Argo CD, which brings its own kustomize.

    The rule looks at applications only: where a bare folder would land, nobody knows.

    ## Fix
    Set the destination's namespace to that of the kustomization, or add the namespace with a patch (`op: add`,
    `path: /metadata/namespace`).

    ## References
    - https://github.com/kubernetes-sigs/kustomize/issues/6058
    - https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/3.2-3.3/
    """

    level = Level.ERROR
    tags = ("argocd", "helm")

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        deployed = target.target.deployed
        if deployed is None or target.target.kind is not TargetKind.KUSTOMIZATION or not target.target.closure.charts:
            return
        lands = deployed.application.destination.namespace
        for wanted, place in target.set_namespaces[:1] if target.set_namespaces and target.set_namespaces[0][0] != lands else ():
            found: dict[str, list[Manifest]] = {}
            for manifest in target.manifests:
                if not manifest.namespace and not is_cluster_scoped(manifest.group, manifest.kind) and (call := target.call_of(manifest)):
                    found.setdefault(call.chart, []).append(manifest)
            for chart, lost in found.items():
                names = some([manifest.resource for manifest in lost], _LISTED)
                where = f"into namespace {lands}" if lands else "into no namespace"
                message = f"chart {chart} renders {names} without a namespace, so it goes {where}, not {wanted}: add it with a patch"
                related = [(Field(manifest, ("metadata", "name")), f"rendered as {manifest.resource}") for manifest in lost[:_LISTED]]
                yield self.finding(place, message, target=target.target, related=related)
