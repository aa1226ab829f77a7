from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Finding, Level, RenderedTarget, Rule


class ImagePrecedence(Rule):
    """A chart that does not keep the order in which its values decide an image.

    ## Why
    A chart promises that `controlPlane.image.digest` wins over `image.digest`, field by field. Where a template takes the other
    one, a promotion changes nothing, or changes another workload. No review of a values file can see that.

    The order is stated in `[[contracts]]`: a workload, and the values blocks in the order in which they decide. It is proven by
    renders, not by reading templates: each field is set in every block, then empty, then absent or null in the one that wins, and
    whatever the workload renders (images, variables, pull policies) must follow. Without `[[contracts]]` nothing is accused;
    `agentslint contract TARGET` shows the order that a chart seems to keep, for a start.

    A key that is left out has the chart's own default, which comes before the next block: that is no breach. Pull secrets are
    what `pull-secret-precedence` is about.

    ## Fix
    In the template that the finding points at, or in the helper behind it, take the first block's field and fall back with
    `default`: `{{ .Values.controlPlane.image.tag | default .Values.image.tag }}`. Every place that repeats the image should use
    the same variable. If the chart is right and the contract is not, correct `[[contracts]]`.

    ## References
    - https://helm.sh/docs/chart_best_practices/values/
    - https://helm.sh/docs/chart_template_guide/functions_and_pipelines/#using-the-default-function
    """

    level = Level.ERROR
    tags = ("charts", "images")
    configured_by = ("contracts",)

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for breach in target.contracts.breaches(secrets=False):
            yield self.finding(breach.location, breach.message, related=breach.related, target=target.target)
