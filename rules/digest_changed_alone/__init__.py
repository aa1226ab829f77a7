from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from agentslint.rule import (
    Annotated,
    Change,
    Config,
    EarlierValue,
    Finding,
    ImageChange,
    ImageUse,
    Meta,
    NotChecked,
    Reference,
    Rule,
    RuleOptions,
    Said,
    Unknown,
    bare_sha,
    git_sha,
    same_sha,
)


class DigestChangedAlone(Rule):
    """A promotion that changes the tag without the digest, or the digest without the tag.

    ## Why
    If an image has both, the digest decides which image runs, and people read the tag. A new tag with the old digest promotes nothing:
    everybody believes that the new version runs. Another digest under a tag that names a commit is another build of that commit, or
    an unrelated image.

    A digest that ran in the same place before is a rollback, and not a finding.

    ## Fix
    Write both as the registry has them: `crane digest IMAGE:TAG`, or `skopeo inspect`. An image whose tag moves by design (`1.27` with the
    digest of the week) is not reported unless `same-tag` is "any".

    ## References
    - https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
    - https://kubernetes.io/docs/concepts/containers/images/#image-names
    """

    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        same_digest: Annotated[bool, Meta(description="Whether a new tag with the digest of the old one is a finding.")] = True
        same_tag: Annotated[
            Literal["commit", "any", "none"],
            Meta(description="Tags under which another digest is a finding: those that contain a git SHA, any, or none."),
        ] = "commit"

    options: Options

    def wants_change(self, config: Config) -> bool:
        return self.options.same_digest or self.options.same_tag != "none"

    def check_change(self, change: Change) -> Iterator[Said]:
        for target in change.targets:
            changed = {(image.base.text, image.head.text): image for image in reversed(target.images) if image.base and image.head}
            for image in reversed(changed.values()):
                if image.head and image.differs:
                    yield from self._check(image, image.head, change)

    def _check(self, image: ImageChange, use: ImageUse, change: Change) -> Iterator[Finding | NotChecked]:
        old, new = image.base and image.base.reference, use.reference
        if not (old and new and old.digest and new.digest and old.name == new.name):
            return
        if old.digest == new.digest and not _is_one_version(old, new) and self.options.same_digest:
            message = f"{use.owner} goes from {_tag(old)} to {_tag(new)} with the same digest, so the same image runs: update the digest"
            yield self.finding(use.digest_field, message, use=use)
        elif old.tag == new.tag and old.digest != new.digest and self._names_a_build(new.tag or "", change):
            yield from self._other_build(image, use, new, change)

    def _names_a_build(self, tag: str, change: Change) -> bool:
        if self.options.same_tag != "commit":
            return bool(tag) and self.options.same_tag == "any"
        return git_sha(tag) is not None or (bare_sha(tag) is not None and change.knows(tag))

    def _other_build(self, image: ImageChange, use: ImageUse, new: Reference, change: Change) -> Iterator[Finding | NotChecked]:
        before = change.rollback(image)
        if isinstance(before, Unknown):
            question = f"whether {use.owner} is rolled back by another digest under the tag {_tag(new)}"
            yield self.not_checked(use.digest_field, f"cannot tell {question}: {before.reason}")
        elif not isinstance(before, EarlierValue):
            message = f"{use.owner} gets another digest under the tag {_tag(new)} and has never run it: correct the tag or the digest"
            yield self.finding(use.digest_field, message, use=use)


def _is_one_version(old: Reference, new: Reference) -> bool:
    """The same tag, or the same commit with its SHA written longer or shorter."""
    shas = [git_sha(image.tag or "") for image in (old, new)]
    return old.tag == new.tag or (all(shas) and same_sha(shas[0] or "", shas[1] or ""))


def _tag(image: Reference) -> str:
    tag = image.tag or "no tag"
    return (git_sha(tag) or "")[:10] or tag
