from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from agentslint.rule import Annotated, Claim, Finding, ImageUse, Level, Meta, Reasoned, RenderedTarget, Rule, RuleOptions, git_sha, same_sha


class ImageClaims(Rule):
    """What a workload says of its image agrees with the image.

    ## Why
    Environment variables and annotations that repeat a digest, a git SHA or a tag are what dashboards, health checks and rollouts
    believe. A promotion that forgets one of them reports a version that does not run.

    A claim is compared with the images of its own pod, then with those of the target: it is wrong when it fits none of them, or
    when a tag that it repeats is not its container's.

    ## Fix
    Bring the claim to what the image says, best by a YAML anchor or one value that feeds both.

    ## References
    - https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
    """

    level = Level.ERROR
    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        sha_names: Annotated[tuple[str, ...], Meta(description="Names (globs) whose git SHA speaks of an image.")] = (
            "*SHA*", "*COMMIT*", "*REVISION*", "*sha*", "*commit*", "*revision*",
        )  # fmt: skip
        allow: Annotated[tuple[Reasoned, ...], Meta(description="Names (globs) that speak of something else, each with its reason.")] = ()

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        for claim in target.claims:
            if self._counts(claim):
                near = [use for use in target.image_uses if use.manifest is claim.manifest and use.reference]
                wrong = _contradicted(claim, near, target.image_uses)
                if wrong is not None:
                    message = f"{claim.name} says {_short(claim.text)}, but {wrong.owner} runs {_said(claim, wrong)}"
                    yield self.finding(claim.field, message, use=wrong, related=[(wrong.field, f"{wrong.owner} runs this")])

    def _counts(self, claim: Claim) -> bool:
        if any(fnmatchcase(claim.name, allowed.match) for allowed in self.options.allow):
            return False
        return claim.kind != "sha" or any(fnmatchcase(claim.name, glob) for glob in self.options.sha_names)


def _contradicted(claim: Claim, near: Sequence[ImageUse], everywhere: Sequence[ImageUse]) -> ImageUse | None:
    """Return the image that the claim should have spoken of, or None where it agrees or speaks of nothing that is known."""
    comparable = [use for use in near if _part(claim, use)]
    if not comparable or any(_agrees(claim, use) for use in (*comparable, *everywhere)):
        return None
    own = [use for use in comparable if use.container == claim.container]
    return (own or comparable)[0]


def _agrees(claim: Claim, use: ImageUse) -> bool:
    part = _part(claim, use)
    if part is None:
        return False
    return same_sha(claim.text, part) if claim.kind == "sha" else claim.text == part


def _part(claim: Claim, use: ImageUse) -> str | None:
    """What the image says about the same thing."""
    image = use.reference
    if image is None:
        return None
    if claim.kind == "sha":
        return git_sha(image.tag) if image.tag else None
    return image.digest if claim.kind == "digest" else image.tag


def _said(claim: Claim, use: ImageUse) -> str:
    return _short(_part(claim, use) or "")


def _short(text: str) -> str:
    return text[:19] + "…" if text.startswith("sha256:") else text[:10] if len(text) == 40 else text
