from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Field, Finding, Level, RenderedTarget, Rule, omissions


class ImageOmitted(Rule):
    """A custom resource that lets its operator choose the image.

    ## Why
    Nothing in the repository says what runs: an update of the operator changes the image of every database at once, and a search
    for a vulnerable image finds nothing.

    ## Fix
    Set the field that the message names, with a digest.

    ## References
    - https://cloudnative-pg.io/documentation/current/container_images/
    """

    level = Level.WARNING
    tags = ("images", "operators")

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for manifest in target.manifests:
            for omission in omissions(manifest, target.context.image_fields):
                message = f"{manifest.resource} does not set {omission.path}: {omission.chooser}"
                yield self.finding(Field(manifest, omission.pointer, missing=omission.key), message)
