from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import (
    Annotated,
    Claim,
    Field,
    Finding,
    ImageUse,
    Level,
    Meta,
    Reasoned,
    RenderedTarget,
    Rule,
    RuleOptions,
    any_names,
    git_sha,
    same_sha,
)

from .names import is_composed, is_other_version, is_version, named_by, names_image, says_more
from .references import stale_references


class ImageClaims(Rule):
    """An environment variable, argument or annotation that contradicts the image that it describes.

    ## Why
    Dashboards, health checks and rollouts believe a repeated digest, git SHA or tag. A promotion that misses one of them reports a version
    that does not run.

    A claim describes the image whose name it contains (`RUNNER_DIGEST`), else the images of its container; an annotation describes those
    of its pod. A digest or SHA that belongs to any other image of the target is ignored, and so are parts of an image that is composed at
    run time (`RUNNER_IMAGE_TAG` beside `RUNNER_IMAGE_REPOSITORY`).

    A variable or an argument may also repeat the version or the tag of its container's image (`WEB_TAG`) or of a container beside it
    whose name or image it contains (`PROXY_VERSION`). A name that fits any program (`APP_VERSION`, `TAG`) counts where the image is
    called like its workload; official images (`nginx`) and tools (`alpine/helm`) run programs of other versions.

    So does a whole reference: of the repository that its container runs, or of another one that runs in the target and is released
    with it (a configured group, or the same namespace of a registry). `PREVIOUS_IMAGE` and the like are left alone.

    ## Fix
    Update the claim to match the image, best by a YAML anchor or one value that feeds both.

    ## References
    - https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
    - https://github.com/opencontainers/image-spec/blob/main/annotations.md
    """

    level = Level.ERROR
    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        sha_names: Annotated[
            tuple[str, ...], Meta(description="Names (globs) of variables, arguments and annotations whose git SHA describes an image.")
        ] = ("*SHA*", "*COMMIT*", "*REVISION*", "*sha*", "*commit*", "*revision*")
        allow: Annotated[tuple[Reasoned, ...], Meta(description="Names (globs) that describe something else, each with its reason.")] = ()

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        stale = list(stale_references(target))
        allowed = {use.variable for use in target.image_uses if use.variable and self.allows(self.options.allow, use.variable)}
        for use, running in stale:
            if use.variable not in allowed:
                message = f"{use.owner} is {_version(use)}, but {running.owner} runs {_version(running)}"
                yield self.finding(use.field, message, use=running, related=[(running.version_field, f"{running.owner} runs this")])
        uses = [use for use in target.image_uses if all(use is not other for other, _ in stale)]
        images = list({use.text: use for use in reversed(uses) if use.reference}.values())
        for claim in target.claims:
            if self._counts(claim) and (image := _contradicted(claim, _beside(claim, uses), images)):
                whose = "" if image.manifest is claim.manifest else f"{claim.manifest.resource}: "
                message = (
                    f"{whose}{claim.name} says {_short(claim.text)}, but {image.owner} {image.verb} {_short(_part(claim, image) or '')}"
                )
                related = [(_place(claim, image), f"{image.owner} {image.verb} this")]
                yield self.finding(claim.field, message, use=image, related=related)

    def _counts(self, claim: Claim) -> bool:
        self.looked_at(self.options.sha_names, [claim.name])
        if self.allows(self.options.allow, claim.name) or is_composed(claim):
            return False
        return claim.kind != "sha" or any_names(self.options.sha_names, claim.name)


def _contradicted(claim: Claim, beside: Sequence[ImageUse], images: Sequence[ImageUse]) -> ImageUse | None:
    """Return the image that the claim describes and contradicts; None if it agrees, or describes no known image."""
    own = sorted((use for use in beside if _part(claim, use)), key=lambda use: not use.pulled)
    if is_version(claim):
        running = [use for use in own if use.pulled]
        return running[0] if len(running) == 1 and not says_more(claim, running) and is_other_version(claim, running[0]) else None
    if any(_agrees(claim, use) for use in own):
        return None
    comparable = sorted((use for use in images if _part(claim, use)), key=lambda use: not use.pulled)
    named = named_by(claim, comparable)
    agreeing = [use for use in comparable if _agrees(claim, use)]
    if named:
        return None if any(use in named for use in agreeing) else named[0]
    foreign = agreeing if claim.kind != "tag" else says_more(claim, own)
    return own[0] if own and not foreign else None


def _part(claim: Claim, use: ImageUse) -> str | None:
    """The same part of the image: its digest, its tag, or the SHA in its tag."""
    image = use.reference
    if image is None:
        return None
    if claim.kind == "sha":
        return git_sha(image.tag) if image.tag else None
    return image.digest if claim.kind == "digest" else image.tag


def _agrees(claim: Claim, use: ImageUse) -> bool:
    part = _part(claim, use) or ""
    shas = (claim.text, part) if claim.kind == "sha" else (git_sha(claim.text), git_sha(part)) if claim.kind == "tag" else ("", "")
    same = bool(shas[0] and shas[1] and same_sha(shas[0], shas[1]))
    return same or claim.text == part or (claim.kind == "tag" and not names_image(claim) and claim.text.lstrip("v") == part.lstrip("v"))


def _place(claim: Claim, use: ImageUse) -> Field:
    return use.digest_field if claim.kind == "digest" else use.tag_field


def _beside(claim: Claim, uses: Sequence[ImageUse]) -> list[ImageUse]:
    """The images of the claim's container; those of the whole pod for an annotation."""
    near = [use for use in uses if use.manifest is claim.manifest]
    if claim.container:
        return [use for use in near if use.container == claim.container]
    return [use for use in near if claim.pod is None or use.pod == claim.pod]


def _version(use: ImageUse) -> str:
    """Tag and digest, as far as there are any."""
    image = use.reference
    parts = (image.tag, image.digest and _short(image.digest)) if image else ()
    return "@".join(part for part in parts if part) or use.text


def _short(text: str) -> str:
    return text[:19] + "…" if text.startswith(("sha256:", "sha512:")) else text[:10] if len(text) == 40 else text
