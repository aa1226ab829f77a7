"""The members of a release group, and how one of them differs from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agentslint.rule import Field, ImageUse, Reference, git_sha, same_sha


@dataclass(frozen=True)
class Member:
    """An image use of a release group."""

    use: ImageUse
    image: Reference

    @property
    def name(self) -> str:
        return self.image.repository.rpartition("/")[2]

    @property
    def target(self) -> str:
        return self.use.manifest.target.name

    @property
    def sha(self) -> str | None:
        return git_sha(self.image.tag) if self.image.tag else None

    @property
    def version(self) -> str:
        return (self.sha or "")[:10] or self.image.tag or "no tag"


def mostly_by_sha(members: Sequence[Member]) -> bool:
    everything = {member.image.repository for member in members}
    by_sha = {member.image.repository for member in members if member.sha}
    return len(members) > 1 and 2 * len(by_sha) > len(everything)


def majority(members: Sequence[Member]) -> str:
    """The SHA of most images, as long as the group writes it; an image that is named in several places of a target counts once."""
    shas = sorted({member.sha for member in members if member.sha}, key=lambda sha: (len(sha), sha))
    whole = {sha: next(other for other in reversed(shas) if same_sha(sha, other)) for sha in shas}
    votes = dict.fromkeys((member.target, member.image.repository, whole[member.sha]) for member in members if member.sha)
    counted = Counter(sha for _, _, sha in votes).most_common(1)
    return counted[0][0] if counted else ""


def difference(member: Member, most: str, members: Sequence[Member]) -> tuple[Field, str] | None:
    """Say where and how a member differs; None where it does not."""
    image, use = member.image, member.use
    if member.sha is None:
        return use.tag_field, f"has the tag {image.tag}, which holds no git SHA" if image.tag else "has no tag to tell its git SHA"
    if not same_sha(member.sha, most):
        return use.tag_field, f"is at {member.sha[:10]}, not at {most[:10]}"
    if image.digest is None:
        return (use.digest_field, "has no digest, as others have") if any(other.image.digest for other in members) else None
    for other in members:
        if other.image.digest == image.digest and other.name != member.name:
            return use.digest_field, f"has the same digest as {other.name}"
    first = next(other.image.digest for other in members if other.image.digest and _same_tag(other.image, image))
    return (use.digest_field, f"has another digest than elsewhere under the tag {image.tag}") if first != image.digest else None


def _same_tag(one: Reference, other: Reference) -> bool:
    return (one.name, one.tag) == (other.name, other.tag)


def others(member: Member, members: Sequence[Member]) -> list[Member]:
    """The first place of each other image and version."""
    places = {(other.target, other.image.text): other for other in reversed(members) if other.image.text != member.image.text}
    return list(reversed(places.values()))


def roll(members: Sequence[Member]) -> str:
    """Every member and its SHA, by target where there are several."""
    by_target: dict[str, dict[str, None]] = {}
    for member in members:
        by_target.setdefault(member.target, {})[f"{member.name} {member.version}"] = None
    if len(by_target) == 1:
        return ", ".join(*by_target.values())
    return "; ".join(f"{', '.join(versions)} in {target}" for target, versions in by_target.items())
