from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, Finding, Level, Meta, RenderedTarget, Rule, RuleOptions


class ChartRequiresDigest(Rule):
    """A chart's own digest enforcement that is switched off, or that does not bite.

    ## Why
    A chart that refuses to render an image without a digest stops a bad promotion wherever it is rendered: in review, in CI, in
    Argo CD. The switch (`imagePolicy.requireDigest`, or what `digest-switch` in the configuration names) helps only while it is on
    and while the chart asks about every image.

    So it is proven by renders: with every digest of a workload's chain empty the render must fail, and with one effective digest
    left it must not. A failure counts only where the same values render with the switch off. The chains are those of `[[contracts]]`,
    and with the option `learnt` also those that a chart without a contract is seen to follow: that costs some ten renders for each
    target. A chart that has no such switch is named only where both `digest-switch` and a
    contract for the chart are configured.

    ## Fix
    Switch it on in the values of the environment. Where it does not bite, add the image that the finding names to the chart's
    validation; where it bites too much, let the validation ask for the digest that is effective, not for that of one block.

    To begin with production only, name it in `[[environments]]` and set `environments` below.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    - https://helm.sh/docs/chart_template_guide/function_list/#fail
    """

    level = Level.ERROR
    tags = ("supply-chain", "charts", "images")
    configured_by = ("contracts",)
    security_severity = 5.0

    class Options(RuleOptions, frozen=True):
        learnt: Annotated[bool, Meta(description="Whether chains that no contract names are learnt and proven, too.")] = False

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for flaw in target.contracts.enforcement(learnt=self.options.learnt):
            yield self.finding(flaw.location, flaw.message, related=flaw.related, target=target.target)
