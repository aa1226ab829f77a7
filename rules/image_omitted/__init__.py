from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Field, Finding, Level, RenderedTarget, Rule, omissions


class ImageOmitted(Rule):
    """A custom resource that lets its operator choose the image.

    ## Why
    Nothing in the repository names the image: an update of the operator changes the image of every database at once, and a search
    for a vulnerable image finds nothing.

    ## Fix
    Set the field that the message names, with a digest; or name a catalog of images if the operator supports one
    (CloudNativePG: `imageCatalogRef`).

    ## References
    - https://cloudnative-pg.io/documentation/current/container_images/
    """

    level = Level.WARNING
    tags = ("images", "operators")

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for manifest in target.manifests:
            for omission in omissions(manifest, target.context.image_fields):
                empty = Field(manifest, (*omission.pointer, omission.key))
                place = omission.field if empty.value is None else empty
                yield self.finding(place, f"{manifest.resource} does not set {omission.path}: {omission.chooser}")
