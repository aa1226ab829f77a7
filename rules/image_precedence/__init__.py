from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Finding, Level, RenderedTarget, Rule

from .wording import in_words


class ImagePrecedence(Rule):
    """A chart that does not follow the configured order of its image values.

    ## Why
    A chart promises that `controlPlane.image.digest` takes precedence over `image.digest`, field by field. If a template uses the other
    one, a promotion changes nothing, or changes another workload. Nobody can see that in a values file under review.

    `[[contracts]]` states the order: a workload, and its values blocks by precedence. Renders prove it, instead of reading templates: each
    field is set in every block, then empty, then absent or null in the first one, and everything that the workload renders (images,
    variables, pull policies) must follow. Without `[[contracts]]` the rule reports nothing; `agentslint contract TARGET` shows the order
    that a chart appears to follow, as a start.

    A key that is left out gets the chart's own default, which comes before the next block: that is no violation. Pull secrets are
    checked by `pull-secret-precedence`.

    ## Fix
    In the template that the finding points at, or in its helper, use the first block's field and fall back with `default`:
    `{{ .Values.controlPlane.image.tag | default .Values.image.tag }}`. Every place that repeats the image should use
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
            message = f"{breach.owner}: {'; '.join(map(in_words, breach.fields))}"
            yield self.finding(breach.location, message, related=breach.values, target=target.target, certainty=breach.certainty)
