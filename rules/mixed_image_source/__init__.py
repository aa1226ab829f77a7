from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import (
    Annotated,
    Finding,
    ImageUse,
    Level,
    Meta,
    Reasoned,
    RenderedTarget,
    Rule,
    RuleOptions,
    git_sha,
    setting_name,
)

from .inherited import inherited


class MixedImageSource(Rule):
    """An image with its repository from one block and its digest or tag from the block of another image.

    ## Why
    In a chart that falls back field by field, a field that the override does not set comes from the next block:
    `controlPlane.image.repository` with the digest of `image`, which is the digest of another repository. The registry
    has no such image, and the rollout ends in ImagePullBackOff. An `images:` entry that renames an image and keeps the tag of the old one
    does the same.

    Renders prove the origin of both values. It is not a finding if the digest's block names the same image (a mirror of it, a
    registry under a key of its own, a chart's default in the same block) or no image at all. A tag counts only if there
    is no digest and the repository is not the chart's own, and never if it contains a git SHA, which all images of a commit share.

    ## Fix
    Write digest and tag beside their repository.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    - https://helm.sh/docs/chart_best_practices/values/
    """

    level = Level.ERROR
    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        tags: Annotated[bool, Meta(description="Whether an inherited tag is a finding if there is no digest.")] = True
        allow: Annotated[
            tuple[Reasoned, ...],
            Meta(description="Repositories (globs) that may take digest or tag from another block, each with its reason."),
        ] = ()

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for use in target.image_uses:
            part = self._part(use)
            place = use.digest_field if part == "digest" else use.tag_field
            if part and (found := inherited(target, use, place)):
                message = f"{use.owner} runs {_repository(use)} with the {part} of {found.other}, from {setting_name(found.part)}"
                source = found.repository
                related = [(source.location(), f"{_repository(use)} is from {setting_name(source)}")] if source else ()
                yield self.finding(place, message, use=use, related=related)

    def _part(self, use: ImageUse) -> str:
        """The part of an image that must belong to its repository, if any."""
        image = use.reference
        if image is None or self.allows(self.options.allow, image.repository, image.name) or use.parts:
            return ""
        by_tag = image.tag and self.options.tags and not git_sha(image.tag)
        return "digest" if image.digest else "tag" if by_tag else ""


def _repository(use: ImageUse) -> str:
    return use.reference.repository if use.reference else use.text
