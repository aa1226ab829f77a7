from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import groupby

from agentslint.rule import (
    Annotated,
    Finding,
    Fleet,
    Level,
    Meta,
    Reasoned,
    Reference,
    ReleaseGroup,
    Rule,
    RuleOptions,
)

from .members import Member, difference, majority, mostly_by_sha, others, roll


class ImageLockstep(Rule):
    """Images of a release group that were built from different commits, or that lack a digest which the others have.

    ## Why
    Workloads that are built from one commit and talk to each other are tested together only at that commit. A promotion that
    moves one of them by oversight runs a pair that nobody has tried.

    Groups come from `[[groups]]` in the configuration (also across targets). What is in none of them is grouped by itself: the
    images that a Helm release renders from one namespace of a registry, if most of them are tagged with a git SHA. SHAs are
    compared as SHAs: `5fbe5706` and `sha-5fbe570620de...` are the same. A tag without a SHA, the digest of another image, and one
    tag with two digests are findings, too.

    ## Fix
    Promote the member that the finding points at to the SHA of the others, digest included. What is released on its own goes
    into `allow`; what belongs together otherwise, into `[[groups]]`.

    ## References
    - https://helm.sh/docs/chart_best_practices/values/
    """

    level = Level.ERROR
    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        learn: Annotated[bool, Meta(description="Whether the images of a Helm release are a group without being configured as one.")] = True
        allow: Annotated[
            tuple[Reasoned, ...], Meta(description="Repositories (globs) that are released on their own, each with its reason.")
        ] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        for group in fleet.groups:
            members = [Member(use, use.reference) for use in group.members if use.reference and not self._allows(use.reference)]
            if group.configured or (self.options.learn and mostly_by_sha(members)):
                yield from self._check_group(group, members)

    def _allows(self, image: Reference) -> bool:
        return any(fnmatchcase(name, allowed.match) for allowed in self.options.allow for name in (image.repository, image.name))

    def _check_group(self, group: ReleaseGroup, members: Sequence[Member]) -> Iterator[Finding]:
        """One finding a target: at the first member that is not like most of the group."""
        most = majority(members)
        for _, here in groupby(sorted(members, key=lambda member: member.target), key=lambda member: member.target):
            for member in here:
                if found := difference(member, most, members):
                    field, why = found
                    related = [(other.use.tag_field, f"{other.name} is at {other.version}") for other in others(member, members)]
                    message = f"{member.name} {why}; release group {group.name} has {roll(members)}"
                    yield self.finding(field, message, use=member.use, related=related)
                    break
