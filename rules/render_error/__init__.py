from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Finding, Level, RenderFailure, Rule


class RenderError(Rule):
    """A target that does not render, or that renders nothing.

    ## Why
    A target that does not render is not checked, and cannot be deployed either. Silence here would look like a clean result. A target that
    renders no document at all is usually a wrong path or condition.

    ## Fix
    Run `kustomize build --enable-helm` in the folder that the finding names; `--verbose` shows the whole output of the renderer. If
    the render needs the network (a remote base or chart), run once with network access: charts are kept in the cache.

    ## References
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
    - https://helm.sh/docs/chart_template_guide/debugging/
    """

    level = Level.ERROR
    tags = ("render",)

    def check_failure(self, failure: RenderFailure) -> Iterator[Finding]:
        whose = "" if failure.target.name == "." else f"{failure.target.name}: "
        related = [(place, place.message) for place in failure.related]
        yield self.finding(
            failure.location, f"{whose}{failure.message}", target=failure.target, related=related, certainty=failure.certainty
        )
