from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Change, ClaimChange, Earlier, Finding, ImageChange, Rule, Said, TargetChange, Unknown, git_sha


class PartialRollback(Rule):
    """Several workloads of a release group are taken back, one of them only in part: the digest, without its tag or what repeats it.

    ## Why
    One workload is rolled back by its digest alone, that is what a digest of its own is for. When several are, the release is, and
    who reads the tags, or the variables that dashboards and health checks report, must not be told that the new one still runs.

    A rollback is a digest that ran in the same place before, as the history of the line that decides it shows. Groups are those of
    `[[groups]]`, and what image-lockstep learns of Helm releases.

    ## Fix
    Take the tag and the claims back to what they were with that digest; `git revert` of the promotion does all of it.

    ## References
    - https://git-scm.com/docs/git-revert
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    """

    tags = ("promotion", "images")
    configured_by = ("groups",)

    def check_change(self, change: Change) -> Iterator[Said]:
        for group in change.groups:
            moved = [image for image in group.images if image.base and image.head and all(image.digests) and len(set(image.digests)) == 2]
            if len({image.use.manifest.resource for image in moved}) > 1:
                yield from self._check(moved, group.name, change)

    def _check(self, moved: Sequence[ImageChange], group: str, change: Change) -> Iterator[Said]:
        """Only what looks like half of a rollback is looked up in the history."""
        targets = {target.name: target for target in change.targets}
        left = {image: _claims(image, targets.get(image.target)) for image in moved}
        for image in moved:
            if (image.tags[0] == image.tags[1] or left[image]) and image.head:
                before = change.rollback(image, group)
                if isinstance(before, Unknown):
                    yield self.not_checked(image.head.digest_field, f"whether {image.head.owner} is rolled back: {before.reason}")
                elif before and self._several_are_back(moved, group, change):
                    yield from self._say(image, before, left[image], change)

    def _several_are_back(self, moved: Sequence[ImageChange], group: str, change: Change) -> bool:
        back = {image.use.manifest.resource for image in moved if isinstance(change.rollback(image, group), Earlier)}
        return len(back) > 1

    def _say(self, image: ImageChange, before: Earlier, claims: Sequence[ClaimChange], change: Change) -> Iterator[Finding]:
        use, tag = image.head, change.rollbacks.tag_at(image, before)
        if use is None:
            return
        if tag and tag != image.tags[1] and image.tags[0] == image.tags[1]:
            message = f"{use.owner} is back at the digest that ran as {_short(tag)}, and its tag still says {_short(image.tags[1])}"
            yield self.finding(use.tag_field, message, use=use, related=[(use.digest_field, "the digest that ran before")])
        for claim in claims:
            if claim.head:
                message = f"{use.owner} is back at an earlier digest, and {claim.head.name} still says {_short(claim.head.text)}"
                yield self.finding(claim.head.field, message, use=use, related=[(use.digest_field, "the digest that ran before")])


def _claims(image: ImageChange, target: TargetChange | None) -> list[ClaimChange]:
    """The claims that still say what the image was at the base, if nothing in the target runs that any more."""
    old = image.digests[0]
    if target is None or any(other.digests[1] == old for other in target.images):
        return []
    return [claim for claim in target.claims if claim.head and claim.head.text == old]


def _short(text: str | None) -> str:
    text = text or ""
    return (git_sha(text) or "")[:10] or (text[:19] + "…" if len(text) > 20 else text)
