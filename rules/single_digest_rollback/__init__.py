from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentslint.rule import Annotated, Finding, Fleet, ImageUse, Meta, RenderedTarget, Rule, RuleOptions, setting_name

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar

_TOLD = 3


class SingleDigestRollback(Rule):
    """A digest that is written in several places, so that reverting one of them does not roll it back.

    ## Why
    A rollback is done in a hurry, by reverting the line with the digest. Where the same digest is written again, for another workload
    or in an environment variable that reports it, one line takes back half of it: the old image runs beside the new one, or
    says that it is the new one.

    Looked at are the images of release groups: those of `[[groups]]`, and the images that a Helm release renders from one namespace of
    a registry. Each place is proven by a render to decide an image or a claim of the target; an anchor and its aliases are one place. The
    finding is at the digest that decides the image; the others are listed with it.

    ## Fix
    Write the digest once. In values, a YAML anchor (`digest: &control-plane sha256:...`) and aliases (`*control-plane`) do; better
    still, the chart or a kustomize replacement derives the others from it.

    ## References
    - https://yaml.org/spec/1.2.2/#71-alias-nodes
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
    """

    tags = ("promotion", "images")
    configured_by = ("groups",)

    class Options(RuleOptions, frozen=True):
        learn: Annotated[bool, Meta(description="Whether the images of a Helm release are a group without being configured as one.")] = True
        claims: Annotated[
            bool, Meta(description="Whether environment variables, arguments and annotations count that repeat a digest.")
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
        """Where the digest is written once there is nothing to prove."""
        if sum(digest in scalar.text for scalar in target.authored) < 2:
            return
        own = target.decider(use.digest_field)
        others = {scalar: owner for scalar, owner in self._written(target, digest) if scalar != own}
        if own and others:
            names = list(dict.fromkeys(setting_name(scalar) for scalar in others))
            again = ", ".join(names[:_TOLD]) + (f" and {len(names) - _TOLD} more" if len(names) > _TOLD else "")
            message = f"rolling back {use.owner} takes more than this line: its digest is written again in {again}"
            related = [(scalar.location(), f"written again, for {owner}") for scalar, owner in others.items()]
            yield self.finding(use.digest_field, message, use=use, related=related)

    def _written(self, target: RenderedTarget, digest: str) -> Iterator[tuple[AuthoredScalar, str]]:
        """Every scalar that is proven to put the digest somewhere, and where."""
        uses = [(use.digest_field, use.owner) for use in target.image_uses if use.reference and use.reference.digest == digest]
        claims = [(claim.field, f"{claim.manifest.resource} ({claim.name})") for claim in target.claims if claim.text == digest]
        for place, owner in (*uses, *(claims if self.options.claims else ())):
            if scalar := target.decider(place):
                yield scalar, owner
