from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, Finding, ImageUse, Level, Meta, RenderedTarget, Rule, RuleOptions, UseKind


class RequireTag(Rule):
    """An image with a digest and no tag.

    ## Why
    The digest decides which image runs; the tag is for people. Without one, neither the manifest nor `kubectl get` shows which
    version or commit is running, and a reviewer of a promotion sees one hash replaced by another.

    A tag that is written beside the digest counts, whether or not the chart makes it a part of the image. So does the name of the tag of
    an ImageStream that imports the image.

    ## Fix
    Write the tag in front of the digest: `tag:` in the values block, `newTag:` in an `images:` entry, `repository:tag@sha256:...` in
    a manifest.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    """

    level = Level.NOTE
    tags = ("images",)

    class Options(RuleOptions, frozen=True):
        environment_variables: Annotated[
            bool, Meta(description="Whether to check images in environment variables, arguments and parameters.")
        ] = False

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for use in target.image_uses:
            image = use.reference
            if image and image.digest and not image.tag and self._counts(use) and not _written_beside(target, use):
                message = f"{use.owner} {use.verb} {image.repository} by digest alone, without a tag that shows its version"
                yield self.finding(use.tag_field, message, use=use)

    def _counts(self, use: ImageUse) -> bool:
        if use.kind is UseKind.IMPORT:
            return False
        return use.kind not in (UseKind.ENVIRONMENT, UseKind.ARGUMENT) or self.options.environment_variables


def _written_beside(target: RenderedTarget, use: ImageUse) -> bool:
    """Whether the block with the digest has a tag: then the chart leaves the tag out."""
    digest = (use.reference and use.reference.digest) or ""
    tags = [setting for setting in target.settings.values() if setting.part == "tag"]
    return any(
        setting.part == "digest" and setting.scalar.text in (digest, digest.partition(":")[2]) and any(setting.beside(tag) for tag in tags)
        for setting in target.settings.values()
    )
