"""The members of a release group, and how one of them differs from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from msgspec import Struct

from agentslint.rule import ImageUse, PinnedImage, Place, Reference, ReleaseGroup, SourceReference, Target, bare_sha, git_sha, same_sha

_MOVING = frozenset({"", "latest", "main", "master", "edge", "nightly", "dev", "develop", "stable", "canary"})


_FEW = 6
"""Members that a message names one by one."""
_SHOWN = 3


class Member(Struct, frozen=True):
    """An image use of a release group, a pin that stands for one, or a source reference.

    `key` is its repository, and `text` the whole reference.
    """

    origin: ImageUse | PinnedImage | SourceReference
    image: Reference | None
    name: str
    key: str
    text: str
    revision: str
    sha: str | None

    @property
    def use(self) -> ImageUse | None:
        return self.origin if isinstance(self.origin, ImageUse) else None

    @property
    def target(self) -> Target:
        return self.origin.manifest.target if isinstance(self.origin, ImageUse) else self.origin.target

    @property
    def names(self) -> tuple[str, ...]:
        """The names that globs are matched with."""
        return self.origin.names if isinstance(self.origin, SourceReference) else (self.key, self.image.name if self.image else self.key)

    @property
    def version(self) -> str:
        return (self.sha or "")[:10] or self.revision or ("no tag" if self.image else "no revision")

    @property
    def place(self) -> Place:
        """The place of its revision."""
        return self.origin.version_field if isinstance(self.origin, ImageUse) else self.origin.place

    @property
    def digest_place(self) -> Place:
        return self.origin.digest_field if isinstance(self.origin, ImageUse) else self.origin.place

    @property
    def title(self) -> str:
        return self.origin.title if isinstance(self.origin, SourceReference) else self.name


def members_of(group: ReleaseGroup) -> Iterator[Member]:
    """Images come first, so that a source is reported rather than its image."""
    images: Iterator[ImageUse | PinnedImage] = chain(group.members, group.pins)
    for image in images:
        if image.reference:
            yield _of_image(image, image.reference, group.configured)
    for source in group.sources:
        text = f"{source.repository}@{source.revision}"
        yield Member(source, None, source.repository, source.repository, text, source.revision, source.sha)


def _of_image(use: ImageUse | PinnedImage, image: Reference, configured: bool) -> Member:
    """A configured group is expected to have SHAs in its tags: there, a tag of digits alone counts as a SHA."""
    tag = image.tag or ""
    sha = git_sha(tag) or (bare_sha(tag) if configured else None)
    return Member(use, image, image.repository.rpartition("/")[2], image.repository, image.text, tag, sha)


class Differing(Struct, frozen=True):
    """The place at which a member differs, and how; `twin` is the other member where the two are only wrong together."""

    place: Place
    why: str
    twin: str = ""


Difference = Callable[[Member, str, Sequence[Member]], "Differing | None"]
"""Returns how a member differs, compared with the SHA of most."""


def mostly_by_sha(members: Sequence[Member]) -> bool:
    """Whether most of what has a version at all has a SHA: a tag that moves, or none, is no version."""
    by_sha = {member.key for member in members if member.sha}
    others = {member.key for member in members if not member.sha and not _moves(member)} - by_sha
    return len(members) > 1 and len(by_sha) > len(others)


def _moves(member: Member) -> bool:
    image = member.image
    return image is not None and image.digest is None and member.revision.lower() in _MOVING


def majority(members: Sequence[Member]) -> str:
    """The SHA of most members, in its longest form; a member with several places in one target counts once."""
    shas = sorted({member.sha for member in members if member.sha}, key=lambda sha: (len(sha), sha))
    whole = {sha: next(other for other in reversed(shas) if same_sha(sha, other)) for sha in shas}
    votes = dict.fromkeys((member.target.name, member.key, whole[member.sha]) for member in members if member.sha)
    counted = Counter(sha for _, _, sha in votes).most_common(1)
    return counted[0][0] if counted else ""


def difference(member: Member, most: str, members: Sequence[Member]) -> Differing | None:
    """Say where and how a member differs; None if it does not."""
    return other_commit(member, most, members) or other_digest(member, most, members) or _two_digests(member, members)


def other_commit(member: Member, most: str, members: Sequence[Member]) -> Differing | None:
    """Say where and how a member is at another commit; a source without a SHA differs only if others have one."""
    if member.sha is None:
        return Differing(member.place, _without_sha(member)) if member.image or most else None
    if not same_sha(member.sha, most):
        return Differing(member.place, f"is at {member.sha[:10]}, not at {most[:10]}")
    return None


def _without_sha(member: Member) -> str:
    revision, source = member.revision, member.origin
    if not isinstance(source, SourceReference):
        return f"has the tag {revision}, which contains no git SHA" if revision else "has no tag, so its git SHA is unknown"
    if source.is_version:
        return f"is at {revision}, which contains no git SHA" if revision else "has no version, so it follows the newest one"
    return f"follows the branch {revision}" if revision not in ("", "HEAD") else "follows the default branch"


def follows_none(leaders: Sequence[Member]) -> Difference:
    """Say where and how a member is at a commit at which none of the leaders is."""

    def found(member: Member, most: str, members: Sequence[Member]) -> Differing | None:
        if member.sha is None or any(leader.sha and same_sha(member.sha, leader.sha) for leader in leaders):
            return other_commit(member, most, members) if member.sha is None else None
        return Differing(member.place, f"is at {member.sha[:10]}, and no stage of its group is")

    return found


def other_digest(member: Member, most: str, members: Sequence[Member]) -> Differing | None:
    """Say where and how an image lacks a digest, or has the digest of another image."""
    image = member.image
    if image is None:
        return None
    images = [(other.name, other.image) for other in members if other.image]
    if image.digest is None:
        lacks = any(other.digest for _, other in images)
        return Differing(member.digest_place, "has no digest, while others have one") if lacks else None
    for name, other in images:
        if other.digest == image.digest and name != member.name:
            return Differing(member.digest_place, f"has the same digest as {name}", twin=name)
    return None


def _two_digests(member: Member, members: Sequence[Member]) -> Differing | None:
    image = member.image
    if image is None or image.digest is None:
        return None
    same = (other.image for other in members if other.image and (other.image.name, other.image.tag) == (image.name, image.tag))
    first = next(other.digest for other in same if other.digest)
    return Differing(member.digest_place, f"has a different digest elsewhere under the tag {image.tag}") if first != image.digest else None


def others(member: Member, members: Sequence[Member]) -> list[Member]:
    """The first place of each other member and version."""
    places = {(other.target.name, other.text): other for other in reversed(members) if other.text != member.text}
    return list(reversed(places.values()))


def roll(members: Sequence[Member]) -> str:
    """A few members and their SHAs, by target where there are several; of many the numbers."""
    by_target: dict[str, dict[str, None]] = {}
    for member in members:
        by_target.setdefault(member.target.name, {})[f"{member.name} {member.version}"] = None
    if sum(map(len, by_target.values())) > _FEW:
        return _counted(members)
    if len(by_target) == 1:
        return ", ".join(*by_target.values())
    return "; ".join(f"{', '.join(versions)} in {target}" for target, versions in by_target.items())


def _counted(members: Sequence[Member]) -> str:
    """`18 members: 15 at 72ab0f5d, 2 at c1fabefb, 1 elsewhere`; the related places name them."""
    versions = Counter(version for _, _, version in {(member.target.name, member.name, member.version) for member in members})
    common = sorted(versions.items(), key=lambda found: (-found[1], found[0]))
    shown = [f"{count} at {version}" for version, count in common[:_SHOWN]]
    rest = sum(count for _, count in common[_SHOWN:])
    return f"{versions.total()} members: {', '.join([*shown, *([f'{rest} elsewhere'] if rest else [])])}"
