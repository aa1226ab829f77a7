from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Change, ClaimChange, EarlierValue, Finding, ImageChange, Rule, Said, TargetChange, Unknown, git_sha


class PartialRollback(Rule):
    """A rollback of several workloads of a release group that restores the digest of one, but not its tag or claims.

    ## Why
    Rolling back one workload by its digest alone is fine; that is the purpose of a separate digest. Rolling back several of them rolls
    back the release, and then the tags, and the variables that dashboards and health checks report, must not show the new version.

    A rollback is a digest that ran in the same place before, as the git history of its line shows. Groups are those of
    `[[groups]]`, and those that image-lockstep finds in Helm releases.

    ## Fix
    Restore the tag and the claims that belong to the digest; `git revert` of the promotion does all of it.

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
        """Look up only images in the history that look like half of a rollback."""
        targets = {target.name: target for target in change.targets}
        left = {image: _claims(image, targets.get(image.target)) for image in moved}
        for image in moved:
            if (image.tags[0] == image.tags[1] or left[image]) and image.head:
                before = change.rollback(image, group)
                if isinstance(before, Unknown):
                    yield self.not_checked(
                        image.head.digest_field, f"cannot tell whether {image.head.owner} is rolled back: {before.reason}"
                    )
                elif before and self._several_are_back(moved, group, change):
                    yield from self._say(image, before, left[image], change)

    def _several_are_back(self, moved: Sequence[ImageChange], group: str, change: Change) -> bool:
        back = {image.use.manifest.resource for image in moved if isinstance(change.rollback(image, group), EarlierValue)}
        return len(back) > 1

    def _say(self, image: ImageChange, before: EarlierValue, claims: Sequence[ClaimChange], change: Change) -> Iterator[Finding]:
        use, tag = image.head, change.rollbacks.tag_at(image, before)
        if use is None:
            return
        if tag and tag != image.tags[1] and image.tags[0] == image.tags[1]:
            message = f"{use.owner} is rolled back to the digest of {_short(tag)}, but its tag is still {_short(image.tags[1])}"
            yield self.finding(use.tag_field, message, use=use, related=[(use.digest_field, "the digest that ran before")])
        for claim in claims:
            if claim.head:
                message = f"{use.owner} is rolled back to an earlier digest, but {claim.head.name} is still {_short(claim.head.text)}"
                yield self.finding(claim.head.field, message, use=use, related=[(use.digest_field, "the digest that ran before")])


def _claims(image: ImageChange, target: TargetChange | None) -> list[ClaimChange]:
    """The claims with the image's digest of the base, if nothing in the target runs it any longer."""
    old = image.digests[0]
    if target is None or any(other.digests[1] == old for other in target.images):
        return []
    return [claim for claim in target.claims if claim.head and claim.head.text == old]


def _short(text: str | None) -> str:
    text = text or ""
    return (git_sha(text) or "")[:10] or (text[:19] + "…" if len(text) > 20 else text)
