from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from agentslint.rule import Finding, Fleet, ImageUse, Level, ReleaseGroup, Rule, git_sha, same_sha


class ImageLockstep(Rule):
    """Images of a release group carry the same git SHA, and each its digest.

    ## Why
    Workloads that are built from one commit and talk to each other are tested together only at that commit. A promotion that
    moves one of them by oversight runs a pair that nobody has tried.

    Groups come from `[[groups]]` in the configuration (also across targets). Without one, the images that a Helm release renders
    from one namespace of a registry are a group, if most of them are tagged with a git SHA.

    ## Fix
    Promote the member that the finding points at to the SHA of the others, digest included; or take the group apart in the
    configuration if it is not one.

    ## References
    - https://helm.sh/docs/chart_best_practices/values/
    """

    level = Level.ERROR
    tags = ("promotion", "images")

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        for group in fleet.groups:
            members = [use for use in group.members if use.reference is not None]
            if group.configured or _mostly_by_sha(members):
                yield from self._check_group(group, members)

    def _check_group(self, group: ReleaseGroup, members: Sequence[ImageUse]) -> Iterator[Finding]:
        """One finding a target: at the first member that is not like most of the group."""
        sha = _majority(members)
        by_target = groupby(sorted(members, key=_target), key=_target)
        for _, uses in by_target:
            odd = [(use, why) for use in uses if (why := _difference(use, sha, members))]
            if odd:
                use, why = odd[0]
                others = [(other.tag_field, f"{_name(other)} runs {_short(other)}") for other in members if other is not use]
                yield self.finding(use.tag_field, f"{group.name}: {_name(use)} {why}; {_everyone(members)}", use=use, related=others)


def _mostly_by_sha(members: Sequence[ImageUse]) -> bool:
    images = {_repository(use): _sha(use) for use in members}
    return len(images) > 1 and 2 * sum(sha is not None for sha in images.values()) > len(images)


def _majority(members: Sequence[ImageUse]) -> str | None:
    """The SHA of most images; an image that is named in several places counts once."""
    votes = Counter(_full(sha, members) for _, sha in {(_repository(use), _sha(use)) for use in members} if sha)
    return votes.most_common(1)[0][0] if votes else None


def _full(sha: str, members: Sequence[ImageUse]) -> str:
    """The longest way in which the group writes this SHA."""
    known = [other for use in members if (other := _sha(use)) and same_sha(sha, other)]
    return max(known, key=len)


def _difference(use: ImageUse, sha: str | None, members: Sequence[ImageUse]) -> str:
    """Say how a member differs; empty where it does not."""
    image = use.reference
    assert image is not None
    own = _sha(use)
    if own is None:
        return f"has the tag {image.tag!r}, which is no git SHA" if image.tag else "has no tag to tell its git SHA"
    if sha is None or not same_sha(own, sha):
        return f"runs {own[:10]}, most others {sha[:10] if sha else 'nothing'}"
    if image.digest is None and any(other.reference and other.reference.digest for other in members):
        return "has no digest, as others have"
    twin = next(
        (other for other in members if image.digest and _digest(other) == image.digest and _repository(other) != _repository(use)), None
    )
    return f"has the digest of {_name(twin)}" if twin else ""


def _everyone(members: Sequence[ImageUse]) -> str:
    return ", ".join(dict.fromkeys(f"{_name(use)} {_short(use)}" for use in members))


def _short(use: ImageUse) -> str:
    sha = _sha(use)
    return sha[:10] if sha else (use.reference.tag if use.reference else None) or "no tag"


def _name(use: ImageUse) -> str:
    return _repository(use).rpartition("/")[2]


def _repository(use: ImageUse) -> str:
    return use.reference.repository if use.reference else use.text


def _digest(use: ImageUse) -> str | None:
    return use.reference.digest if use.reference else None


def _sha(use: ImageUse) -> str | None:
    return git_sha(use.reference.tag) if use.reference and use.reference.tag else None


def _target(use: ImageUse) -> str:
    return use.manifest.target.name
