from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, Finding, ImageUse, Level, Meta, RenderedTarget, Rule, RuleOptions, UseKind


class RequireTag(Rule):
    """An image with a digest and no tag.

    ## Why
    The digest decides what runs; the tag is for people. Without one nobody can tell from the manifest, or from `kubectl get`, which
    version or commit is running, and a promotion shows nothing in review but one hash in the place of another.

    A tag that is written beside the digest is there to be read, whether or not the chart makes it a part of the image. So is the name of
    the tag of an ImageStream that imports the image.

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
            bool, Meta(description="Whether images count that are named in environment variables, arguments and parameters.")
        ] = False

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for use in target.image_uses:
            image = use.reference
            if image and image.digest and not image.tag and self._counts(use) and not _written_beside(target, use):
                message = f"{use.owner} {use.verb} {image.repository} by digest alone: no tag says which version it is"
                yield self.finding(use.tag_field, message, use=use)

    def _counts(self, use: ImageUse) -> bool:
        if use.kind is UseKind.IMPORT:
            return False
        return use.kind not in (UseKind.ENVIRONMENT, UseKind.ARGUMENT) or self.options.environment_variables


def _written_beside(target: RenderedTarget, use: ImageUse) -> bool:
    """Whether the block that holds the digest holds a tag: then it is the chart that leaves the tag out."""
    digest = (use.reference and use.reference.digest) or ""
    tags = [setting for setting in target.settings.values() if setting.part == "tag"]
    return any(
        setting.part == "digest" and setting.scalar.text in (digest, digest.partition(":")[2]) and any(setting.beside(tag) for tag in tags)
        for setting in target.settings.values()
    )
