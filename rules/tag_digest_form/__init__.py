from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from agentslint.rule import Annotated, Finding, Meta, RenderedTarget, Rule, RuleOptions, Setting, setting_name

_BEFORE = ("tag", "repository", "image")


class TagDigestForm(Rule):
    """A digest in the tag's field although digests have a field of their own.

    ## Why
    A digest is written in one of two forms: as a part of the tag (`tag: v1.4.2@sha256:...`, as argocd-image-updater writes
    `latest@sha256:...`), or under a key of its own. Both at once make an image with two digests. A mix of both forms hides a
    digest from everybody who searches for `digest:`: the chart's own check, the tool that promotes, the person who rolls back. `newTag`
    with a digest in it works only by accident: kustomize has `digest` for that.

    If no values use `digest:`, the one field is fine.

    ## Fix
    Keep the tag in `tag:` or `newTag:` and move the part after the `@` to `digest:`.

    ## References
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
    - https://argocd-image-updater.readthedocs.io/en/stable/basics/update-strategies/
    """

    tags = ("images",)

    class Options(RuleOptions, frozen=True):
        values: Annotated[
            Literal["consistent", "separate"],
            Meta(description="Form in Helm values: the same throughout a target, or always a key of its own."),
        ] = "consistent"

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        settings = [setting for setting in target.settings.values() if not setting.is_chart_default]
        for setting in settings:
            if setting.part in _BEFORE and "@sha" in setting.scalar.text and (found := self._fault(setting, settings)):
                why, other = found
                related = [(other.scalar.location(), "this digest has a key of its own")] if other else ()
                message = f"{setting_name(setting.scalar)} contains a digest: {why}"
                yield self.finding(setting.scalar.location(), message, target=target.target, related=related)

    def _fault(self, holder: Setting, settings: Sequence[Setting]) -> tuple[str, Setting | None] | None:
        digests = [setting for setting in settings if setting.part == "digest"]
        beside = next((digest for digest in digests if digest.beside(holder)), None)
        if beside is not None:
            name = setting_name(beside.scalar)
            return f"{name} {'repeats it' if beside.scalar.text in holder.scalar.text else 'is another one'}", beside
        if holder.part != "tag":
            return None
        if holder.entry:
            return "move it to `digest` of the same entry", None
        if self.options.values == "separate":
            return "move it to a key of its own", None
        elsewhere = next((digest for digest in digests if not digest.entry and _has_image(digest, settings)), None)
        return (f"other digests have a key of their own ({setting_name(elsewhere.scalar)})", elsewhere) if elsewhere else None


def _has_image(digest: Setting, settings: Sequence[Setting]) -> bool:
    """Whether a digest stands beside the tag or the repository of an image, not alone as a variable's value."""
    return any(setting.part in _BEFORE and setting.beside(digest) for setting in settings)
