from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Finding, Level, RenderedTarget, Rule

from .wording import foreign, in_words, related


class PullSecretPrecedence(Rule):
    """Pull secrets that do not match the image that they are for.

    ## Why
    The pull secrets of a pod should come from the block that decides its image: the override's secrets, else the shared ones. A chart that
    joins both lists gives credentials to a workload that should not have them; a chart that does not fall back
    leaves a pod without any. And if an override uses a repository in another registry but inherits the secrets, the pod cannot pull.

    Renders prove the behaviour of a chart, for the workloads in `[[contracts]]`. Secrets that are inherited for another registry
    are found without a contract, too: from an image block and the block of the same name above it (`controllers.image` and
    `image`), as the pod is rendered now. A chart's default repository does not count as the registry of secrets that you set.

    ## Fix
    Use one list or the other in the template: `{{ .Values.controllers.image.pullSecrets | default .Values.image.pullSecrets }}`.
    In values, set `pullSecrets` beside a repository in another registry.

    ## References
    - https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
    - https://helm.sh/docs/chart_best_practices/values/
    """

    level = Level.ERROR
    tags = ("charts", "images", "registries")
    configured_by = ("contracts",)

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for found in target.contracts.inherited_secrets():
            yield self.finding(found.location, foreign(found), related=related(found), target=target.target)
        for breach in target.contracts.breaches(secrets=True):
            message = f"{breach.owner}: {'; '.join(map(in_words, breach.fields))}"
            yield self.finding(breach.location, message, related=breach.values, target=target.target, certainty=breach.certainty)
