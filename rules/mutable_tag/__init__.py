from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from agentslint.rule import Annotated, Finding, ImageUse, Level, Meta, Rule, RuleOptions, UseKind


class MutableTag(Rule):
    """A tag that can move, or no tag at all.

    ## Why
    `latest` does not say which version runs, cannot be rolled back, and makes the kubelet pull on every start. An image with a digest
    is not reported, because the digest decides which image runs.

    ## Fix
    Use a version, or the git SHA that the image was built from; best with its digest.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
    """

    level = Level.WARNING
    tags = ("images",)
    implied_by = ("require-digest",)

    class Options(RuleOptions, frozen=True):
        tags: Annotated[tuple[str, ...], Meta(description="Tags (globs) that can move, such as `main` or `*-snapshot`.")] = ("latest",)

    options: Options

    def check_image_use(self, use: ImageUse) -> Iterator[Finding]:
        image = use.reference
        if image is None or image.digest:
            return
        if use.kind is UseKind.EVERY_TAG:
            yield self.finding(use.field, f"{use.owner} imports every tag of {image}, and tags can move", use=use)
        elif image.tag is None and not (use.parts and use.parts.tag):
            yield self.finding(use.tag_field, f"{use.owner} {use.verb} {image} without a tag, which means latest", use=use)
        elif image.tag and any(fnmatchcase(image.tag, glob) for glob in self.options.tags):
            yield self.finding(use.tag_field, f"{use.owner} {use.verb} {image}, whose tag {image.tag} can move", use=use)
