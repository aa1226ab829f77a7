from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agentslint.rule import Annotated, Finding, Fleet, ImageUse, Meta, Reasoned, Rule, RuleOptions, any_names


class OneTagOneDigest(Rule):
    """One tag of a repository with two digests.

    ## Why
    `agents:v1.4.2` is one image. If two places pin that tag to different digests, a promotion missed one of them, or one was copied from
    another image: the tag that people read does not describe the image that runs. All targets of the run are compared. The finding is at
    the digest that fewer places have.

    ## Fix
    Look up the tag's digest in the registry and write that one, or correct the tag. List a tag that moves by design
    in `moving`, and an image that is pinned by platform in one place and by index in another in `allow`.

    ## References
    - https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    """

    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        moving: Annotated[tuple[str, ...], Meta(description="Tags (globs) that move by design, so that their digests may differ.")] = (
            "latest",
            "main",
            "master",
            "edge",
            "nightly",
            "dev",
            "stable",
        )
        allow: Annotated[
            tuple[Reasoned, ...], Meta(description="Repositories (globs) whose tags may have several digests, each with its reason.")
        ] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        places: dict[tuple[str, str], list[ImageUse]] = {}
        for target in fleet.targets:
            for use in target.image_uses:
                image = use.reference
                self.looked_at(self.options.moving, [image.tag] if image and image.tag else [], noun="tag")
                if image and image.tag and not self._is_free(image.tag, image.repository, image.name) and image.digest:
                    places.setdefault((image.name, image.tag), []).append(use)
        for uses in places.values():
            yield from self._compare(uses)

    def _is_free(self, tag: str, *names: str) -> bool:
        return self.allows(self.options.allow, *names) or any_names(self.options.moving, tag)

    def _compare(self, uses: list[ImageUse]) -> Iterator[Finding]:
        (usual, _), *others = Counter(_digest(use) for use in uses).most_common()
        if others:
            there = next(use for use in uses if _digest(use) == usual)
            for use in uses:
                if _digest(use) != usual and use.reference:
                    image = use.reference
                    target = there.manifest.target.name
                    other = there.owner if there.owner != use.owner else f"{there.owner} in {target}"
                    message = f"{use.owner} pins {image.repository}:{image.tag} to {_short(use)}, but {other} pins it to {_short(there)}"
                    yield self.finding(use.digest_field, message, use=use, related=[(there.digest_field, f"{there.owner} runs this")])


def _digest(use: ImageUse) -> str:
    return (use.reference and use.reference.digest) or ""


def _short(use: ImageUse) -> str:
    return _digest(use)[:19] + "…"
