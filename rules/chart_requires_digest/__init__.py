from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, EnforcementBreach, EnforcementKind, Finding, Level, Meta, RenderedTarget, Rule, RuleOptions


class ChartRequiresDigest(Rule):
    """A chart's own digest enforcement that is off or has no effect.

    ## Why
    A chart that refuses to render an image without a digest stops a bad promotion wherever it is rendered: in review, in CI, in
    Argo CD. The switch (`imagePolicy.requireDigest`, or the key set by `digest-switch` in the configuration) helps only while it is on
    and while the chart checks every image.

    Renders prove it: with every digest of a workload's chain empty the render must fail, and with one effective digest left it must
    succeed. A failure counts only if the same values render with the switch off. The chains are those of `[[contracts]]`; with the
    option `learnt`, also those that a chart without a contract appears to follow, which costs about ten renders for each target. A chart
    without such a switch is reported only if both `digest-switch` and a contract for the chart are configured.

    ## Fix
    Turn it on in the values of the environment. If an image escapes it, add that image to the chart's validation; if it is too strict,
    let the validation require the effective digest instead of the digest of one block.

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
        learnt: Annotated[bool, Meta(description="Whether to learn and prove chains that no contract names.")] = False

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for breach in target.contracts.enforcement(learnt=self.options.learnt):
            is_on = breach.kind in (EnforcementKind.ACCEPTED, EnforcementKind.REFUSED)
            related = [(breach.switch_place, "switched on here")] if is_on and breach.switch_place else []
            yield self.finding(breach.location, _in_words(breach), related=related, target=target.target, certainty=breach.certainty)


def _in_words(breach: EnforcementBreach) -> str:
    switch, empty = breach.switch, " and ".join(breach.empty)
    match breach.kind:
        case EnforcementKind.OFF:
            return f"{switch} is off, so chart {breach.chart} accepts images without a digest: set it to true"
        case EnforcementKind.UNKNOWN:
            return f"chart {breach.chart} does not read {switch}, so it accepts images without a digest: correct the key or the chart"
        case EnforcementKind.ACCEPTED:
            are = "are" if len(breach.empty) > 1 else "is"
            return f"{breach.owner} renders without a digest when {empty} {are} empty, although {switch} is on: add it to the chart's check"
        case EnforcementKind.REFUSED:
            pinned = " and ".join(f"{digest} pins {workload}" for digest, workload in breach.pinned)
            return f"{switch} demands {empty} although {pinned}: {'; '.join(breach.failures)}"
