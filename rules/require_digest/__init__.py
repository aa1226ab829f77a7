from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentslint.rule import Annotated, Finding, ImageUse, Level, Meta, Reasoned, RenderedTarget, Rule, RuleOptions, Target, UseKind

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class RequireDigest(Rule):
    """An image that is not pinned by digest.

    ## Why
    A tag can be moved after the review: tomorrow's image need not be the promoted one, and two nodes can run two images
    under one name. Only a digest (`sha256:` and 64 hex digits, or `sha512:` and 128) names one image for good. A truncated digest, or an
    `@` without one, pins nothing.

    ## Fix
    Write the digest beside the tag, where the finding points: `digest:` in the values block that decides the image, `digest:` in
    an `images:` entry, or `repository:tag@sha256:...` in a manifest. Keep the tag for people to read.

    Looked at are containers, custom resources, environment variables and arguments, and ConfigMaps: their values that are whole
    references, also in YAML or JSON inside of a value. Not looked at in a ConfigMap are images in parts (repository and tag apart) and
    longer texts that hold an image, such as scripts, properties and templates.

    Where an Application takes away a digest that its folder pins (`kustomize edit set image web:v2` drops it), the finding stands at the
    line of the Application, or of `.argocd-source.yaml`, and names the line that pins it. So it does where values empty the digest that a
    chart has by default (`digest: ""`).

    To begin with production only, name it in `[[environments]]` (by paths or namespaces) and set `environments` below.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
    """

    level = Level.ERROR
    tags = ("supply-chain", "images")
    security_severity = 6.0

    class Options(RuleOptions, frozen=True):
        allow: Annotated[tuple[Reasoned, ...], Meta(description="Repositories (globs) that may run by tag, each with its reason.")] = ()
        environment_variables: Annotated[
            bool, Meta(description="Whether to check images in environment variables, arguments and parameters.")
        ] = True
        filled_in: Annotated[
            bool, Meta(description="Whether to check images that the cluster replaces (OpenShift's image triggers, Istio's injection).")
        ] = False
        guessed: Annotated[
            bool, Meta(description="Whether to check texts that look like images in custom resources of unknown kinds and in ConfigMaps.")
        ] = True

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for use in target.image_uses:
            if message := self._wrong(use):
                taken = target.taken_digest(use)
                place = use.field if use.filled_by else use.digest_field if use.reference else use.faulty_field
                yield self.finding(
                    # What an empty text or a star takes away, the field does not show.
                    taken[0].location() if taken and taken[0].text[-1:] in ("", "*") else place,
                    message + _by(target.target, taken),
                    use=use,
                    target=target.target,
                    related=[(taken[1].location(), "pins it")] if taken else [],
                )

    def _wrong(self, use: ImageUse) -> str:
        """The message about an image without a digest; empty for one that has one, or needs none."""
        image = use.reference
        allowed = image is not None and self.allows(self.options.allow, image.repository, image.name)
        if not self._counts(use.kind) or allowed or (image and image.digest):
            return ""
        if use.filled_by:
            return f"{use.owner} runs what {use.filled_by} puts there, which is not pinned by digest" if self.options.filled_in else ""
        if image:
            which = f"every tag of {image}" if use.kind is UseKind.EVERY_TAG else image
            return f"{use.owner} {use.verb} {which}, which is not pinned by digest"
        return f"{use.owner} {use.verb} {use.text}, which only looks pinned: {use.error}" if "@" in use.text else ""

    def _counts(self, kind: UseKind) -> bool:
        if kind in (UseKind.ENVIRONMENT, UseKind.ARGUMENT):
            return self.options.environment_variables
        return kind not in (UseKind.GUESSED, UseKind.CONFIGURATION) or self.options.guessed


def _by(target: Target, taken: tuple[AuthoredScalar, AuthoredScalar] | None) -> str:
    """Say which application or values take a digest away that something pins."""
    if taken is None:
        return ""
    scalar, pin = taken
    by = scalar.path
    if target.deployed and (scalar.text or scalar.layer.value == "deployer"):
        by = f"{target.deployed.application.kind}/{target.deployed.application.name}"
    return f": {by} takes away the digest of {pin.path}:{pin.region.start_line}"
