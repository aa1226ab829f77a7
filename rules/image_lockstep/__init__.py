from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Annotated, Finding, Fleet, Level, Meta, Reasoned, ReleaseGroup, Rule, RuleOptions

from .likely_shas import with_likely_shas
from .members import (
    Difference,
    Member,
    difference,
    follows_none,
    majority,
    members_of,
    mostly_by_sha,
    other_commit,
    other_digest,
    others,
    roll,
)


class ImageLockstep(Rule):
    """Images and source references of a release group that are at different commits, or that lack a digest which the others have.

    ## Why
    Workloads that are built from one commit and talk to each other are tested together only at that commit. A promotion that
    misses one of them runs a combination that nobody has tested.

    Groups come from `[[groups]]` in the configuration (also across targets). Images outside of them form groups automatically: the
    images that a Helm release renders from one namespace of a registry, if most of those with a version are tagged with a git SHA. SHAs
    are compared as SHAs: `5fbe5706` and `sha-5fbe570620de...` are the same. A tag without a SHA, the digest of another image, and one
    tag with two digests are findings, too.

    Beside SHAs of the same length a tag of letters or of digits alone is a SHA as well, and so is one of letters that two repositories
    have; words (`deadbeef`) and dates are none. If all tags are digits, they count builds, and are not compared.

    The revision of a repository that a target includes is a member like an image's tag: of a remote base (`resources:
    https://github.com/acme/agents/config?ref=SHA`), of a chart, and the `targetRevision` of an Argo CD Application. A group names
    such repositories in `remotes`; a branch among SHAs is then a finding. Without configuration, the sources that one kustomization
    (or Application) takes from a repository are grouped with the images of the same name in the same target (`acme/agents` with
    `quay.io/acme/agents`), as long as both carry SHAs. If a remote base cannot be rendered, the `images` of the kustomizations
    stand for those of the render.

    The order of commits between the stages of a group with an `order` is left to promotion-order, and to api-lockstep if the API changes;
    here, a member outside of every stage (a base, a helper) must be at the commit of one of the stages.

    ## Fix
    Promote each reported member to the SHA of the others, digest included; take a base and its image from one commit. List images that are
    released on their own in `allow`, and images that belong together otherwise in `[[groups]]`.

    ## References
    - https://helm.sh/docs/chart_best_practices/values/
    - https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
    - https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/
    """

    level = Level.ERROR
    tags = ("promotion", "images")
    configured_by = ("groups",)

    class Options(RuleOptions, frozen=True):
        learn: Annotated[
            bool,
            Meta(description="Whether the images of a Helm release, and a source and its image, form groups without configuration."),
        ] = True
        allow: Annotated[
            tuple[Reasoned, ...],
            Meta(description="Repositories (globs) of images and sources that are released on their own, each with its reason."),
        ] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        images = (use.reference for target in fleet.targets for use in target.image_uses) if self.options.allow else ()
        for image in images:
            # Also of what is in no group: what names it is not misspelt.
            _ = image and self.allows(self.options.allow, image.repository, image.name)
        for group in fleet.groups:
            members = self._members(group)
            members = members if group.configured else with_likely_shas(members)
            if group.stages:
                yield from self._check_ordered(group, members)
            elif group.configured or (self.options.learn and mostly_by_sha(members)):
                yield from self._check_group(group, members, difference)
        for group in fleet.source_groups if self.options.learn else ():
            yield from self._check_group(group, self._members(group), other_commit)

    def _check_ordered(self, group: ReleaseGroup, members: Sequence[Member]) -> Iterator[Finding]:
        """promotion-order compares the stages; here, a member outside of every stage must follow one of them."""
        staged = {id(use) for stage in group.stages for use in stage}
        in_order = [member for member in members if id(member.use) in staged]
        rest = [member for member in members if id(member.use) not in staged]
        if not in_order and group.members:
            # The run has no stage, or the order is misspelt, which is told: nobody here is known to be behind anybody.
            in_order, rest = list(members), []
        elif not in_order:
            yield from self._check_group(group, members, difference)
            return
        yield from self._check_group(group, in_order, other_digest)
        yield from self._check_group(group, members, follows_none(in_order), rest)

    def _members(self, group: ReleaseGroup) -> list[Member]:
        return [member for member in members_of(group) if not self.allows(self.options.allow, *member.names)]

    def _check_group(
        self, group: ReleaseGroup, members: Sequence[Member], differs: Difference, suspects: Sequence[Member] | None = None
    ) -> Iterator[Finding]:
        """One finding for each member (or suspect) that differs from most of the group: to accept one must not hide another.

        Two images with one digest are one finding a target.
        """
        most = majority(members)
        told: set[tuple[str, str, str]] = set()
        for member in sorted(members if suspects is None else suspects, key=_target):
            found = differs(member, most, members)
            if found is None or (member.target.name, found.twin, member.name) in told:
                continue
            told.add((member.target.name, member.name, found.twin))
            related = [(other.place, f"{other.title} is at {other.version}") for other in others(member, members)]
            message = f"{member.title} {found.why}; release group {group.name} has {roll(members)}"
            yield self.finding(found.place, message, use=member.use, related=related, target=member.target)


def _target(member: Member) -> str:
    return member.target.name
