from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from agentslint.rule import Annotated, Field, Finding, ImageUse, Level, Meta, RenderedTarget, Rule, RuleOptions, UseKind


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

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for use in target.image_uses:
            if said := self._wrong(use):
                place, message = said
                taken = target.taken_digest(use)
                yield self.finding(
                    place, message, use=use, related=[(taken[1].location(), "the digest that is taken away")] if taken else []
                )

    def _wrong(self, use: ImageUse) -> tuple[Field, str] | None:
        image = use.reference
        if image is None or image.digest:
            return None
        if use.kind is UseKind.EVERY_TAG:
            return use.field, f"{use.owner} imports every tag of {image}, and tags can move"
        if image.tag is None and not (use.parts and use.parts.tag):
            return use.tag_field, f"{use.owner} {use.verb} {image} without a tag, which means latest"
        if image.tag and any(fnmatchcase(image.tag, glob) for glob in self.options.tags):
            return use.tag_field, f"{use.owner} {use.verb} {image}, whose tag {image.tag} can move"
        return None
