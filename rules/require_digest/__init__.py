from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from agentslint.rule import Annotated, Finding, ImageUse, Level, Meta, Reasoned, Rule, RuleOptions, UseKind


class RequireDigest(Rule):
    """Images run by digest.

    ## Why
    A tag can be moved after the review: what runs tomorrow need not be what was promoted, and two nodes can run two images
    under one name. Only a digest (`sha256:` and 64 hex digits, or `sha512:` and 128) names one image for good.

    ## Fix
    Write the digest beside the tag, where the finding points: `digest:` in the values block that decides the image, `digest:` in
    an `images:` entry, or `repository:tag@sha256:...` in a manifest. The tag stays for people to read.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
    """

    level = Level.ERROR
    tags = ("supply-chain", "images")
    security_severity = 6.0

    class Options(RuleOptions, frozen=True):
        allow: Annotated[tuple[Reasoned, ...], Meta(description="Repositories (globs) that may run by tag, each with its reason.")] = ()
        environment_variables: Annotated[bool, Meta(description="Whether images named in environment variables and arguments count.")] = (
            True
        )
        guessed: Annotated[bool, Meta(description="Whether images guessed in unknown custom resources count.")] = True

    options: Options

    def check_image_use(self, use: ImageUse) -> Iterator[Finding]:
        image = use.reference
        if image is None or image.digest or not self._counts(use.kind):
            return
        if not any(fnmatchcase(image.repository, allowed.match) for allowed in self.options.allow):
            yield self.finding(use.digest_field, f"{use.owner} runs {image.text}, which is not pinned by digest", use=use)

    def _counts(self, kind: UseKind) -> bool:
        if kind in (UseKind.ENVIRONMENT, UseKind.ARGUMENT):
            return self.options.environment_variables
        return kind is not UseKind.GUESSED or self.options.guessed
