from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Finding, ImageUse, Level, Rule, UseKind


class InvalidImage(Rule):
    """An image reference that no registry can resolve.

    ## Why
    A truncated digest, an `@` without a digest or an upper-case repository fails when the pod starts, not when the change is
    reviewed. Some tools take any `@` for a pinned image.

    Texts in custom resources of unknown kinds that only look like images are not checked.

    ## Fix
    Follow the grammar of image references: `registry/path:tag@sha256:` and 64 hex digits. If a chart composes the reference, look
    for an empty value.

    ## References
    - https://github.com/distribution/reference/blob/main/reference.go
    - https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
    """

    level = Level.ERROR
    tags = ("images",)

    def check_image_use(self, use: ImageUse) -> Iterator[Finding]:
        if use.error and use.kind is not UseKind.GUESSED:
            message = f"{use.verb} {use.text}, which is not an image reference: {use.error}" if use.text else f"names no image: {use.error}"
            yield self.finding(use.faulty_field, f"{use.owner} {message}", use=use)
