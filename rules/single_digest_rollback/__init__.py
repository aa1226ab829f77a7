from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentslint.rule import Annotated, Finding, Fleet, ImageUse, Meta, RenderedTarget, Rule, RuleOptions, setting_name, some

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar

_LISTED = 3


class SingleDigestRollback(Rule):
    """A digest that is written in several places, so that reverting one of them is only half of a rollback.

    ## Why
    A rollback is done in a hurry, by reverting the line with the digest. If the same digest is repeated, for another workload
    or in an environment variable that reports it, reverting one line is not enough: the old image runs beside the new one, or
    reports that it is the new one.

    The rule checks the images of release groups: those of `[[groups]]`, and the images that a Helm release renders from one namespace of
    a registry. A render proves that each place decides an image or a claim of the target; an anchor and its aliases are one place. The
    finding is at the digest that decides the image, with a list of the others.

    ## Fix
    Write the digest once. In values, use a YAML anchor (`digest: &control-plane sha256:...`) and aliases (`*control-plane`); better
    still, let the chart or a kustomize replacement derive the others from it.

    ## References
    - https://yaml.org/spec/1.2.2/#71-alias-nodes
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
    """

    tags = ("promotion", "images")
    configured_by = ("groups",)

    class Options(RuleOptions, frozen=True):
        learn: Annotated[bool, Meta(description="Whether the images of a Helm release form a group without configuration.")] = True
        claims: Annotated[
            bool, Meta(description="Whether to check environment variables, arguments and annotations that repeat a digest.")
        ] = True

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        members = {id(use): use for group in fleet.groups if group.configured or self.options.learn for use in group.members}
        for target in fleet.targets:
            seen: set[str] = set()
            for use in sorted(target.image_uses, key=lambda use: not use.pulled):
                digest = use.reference.digest if use.reference else None
                if digest and digest not in seen and id(use) in members:
                    seen.add(digest)
                    yield from self._check(target, use, digest)

    def _check(self, target: RenderedTarget, use: ImageUse, digest: str) -> Iterator[Finding]:
        """Render only if the digest is written more than once."""
        if sum(digest in scalar.text for scalar in target.authored) < 2:
            return
        own = target.decider(use.digest_field)
        others = {scalar: owner for scalar, owner in self._written(target, digest) if scalar != own}
        if own and others:
            names = list(dict.fromkeys(setting_name(scalar) for scalar in others))
            message = f"rolling back {use.owner} takes more than this line: its digest is repeated in {some(names, _LISTED)}"
            related = [(scalar.location(), f"repeated for {owner}") for scalar, owner in others.items()]
            yield self.finding(use.digest_field, message, use=use, related=related)

    def _written(self, target: RenderedTarget, digest: str) -> Iterator[tuple[AuthoredScalar, str]]:
        """Every scalar that is proven to set the digest, and the image or claim that it sets."""
        uses = [(use.digest_field, use.owner) for use in target.image_uses if use.reference and use.reference.digest == digest]
        claims = [(claim.field, f"{claim.manifest.resource} ({claim.name})") for claim in target.claims if claim.text == digest]
        for place, owner in (*uses, *(claims if self.options.claims else ())):
            if scalar := target.decider(place):
                yield scalar, owner
