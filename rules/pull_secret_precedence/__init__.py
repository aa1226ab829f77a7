from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from agentslint.rule import Finding, Level, RenderedTarget, Rule


class PullSecretPrecedence(Rule):
    """Pull secrets that do not follow the image that they are for.

    ## Why
    The secrets of a pod should be those of the block that decides its image: the override's, else the ones that all workloads
    share. A chart that joins the two lists hands credentials to a workload that should not have them; one that does not fall back
    leaves a pod without any. And where a repository is overridden with one of another registry, secrets that are inherited
    open the wrong door: the pod cannot pull.

    What a chart does is proven by renders, for the workloads in `[[contracts]]`. Secrets that are inherited for another registry
    are found without a contract, too: from the image blocks and the block of the same name above them (`controllers.image` and
    `image`), as the pod is rendered now. A chart's default repository does not count as the registry of secrets that you set.

    ## Fix
    Take one list or the other in the template: `{{ .Values.controllers.image.pullSecrets | default .Values.image.pullSecrets }}`.
    In values, set `pullSecrets` beside a repository of another registry.

    ## References
    - https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
    - https://helm.sh/docs/chart_best_practices/values/
    """

    level = Level.ERROR
    tags = ("charts", "images", "registries")
    configured_by = ("contracts",)

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for breach in chain(target.contracts.inherited_secrets(), target.contracts.breaches(secrets=True)):
            yield self.finding(breach.location, breach.message, related=breach.related, target=target.target)
