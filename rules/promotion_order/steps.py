"""Pairs of members of a release group, of which one must go first, and how far apart their commits are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from agentslint.rule import Distance, Field, GroupChange, History, ImageChange, ImageUse, Relation, Unknown, bare_sha, git_sha, same_sha

from .versions import relation

_MOVING = frozenset({"latest", "main", "master", "edge", "nightly", "dev", "develop", "stable", "canary"})
Environments = Callable[[ImageUse], "frozenset[str]"]
"""The configured environments that an image use is in."""


class Step(Struct, frozen=True, dict=True):
    """Two members of today, of which the earlier goes first; `was` is the image of the earlier one at the base."""

    earlier: ImageUse
    later: ImageUse
    was: ImageUse | None
    moved: tuple[ImageChange, ...]
    """Those of the two whose image the change replaces."""

    @property
    def moves(self) -> bool:
        """Whether the change is about any of the two."""
        return bool(self.moved)

    @cached_property
    def follows(self) -> bool:
        """Whether the later one runs the commit of the earlier one, or moves to the one that it ran at the base."""
        goes = any(image.head is self.later for image in self.moved)
        return _is_same(self.earlier, self.later) or (goes and self.was is not None and _is_same(self.was, self.later))

    @property
    def is_comparable(self) -> bool:
        """Whether they can be compared: not if the later one stays as it is and has neither a git SHA nor a version that is ordered."""
        known = _sha(self.later) is not None or self.is_by_version
        return known or any(image.head is self.later for image in self.moved)

    def goes_on(self, history: History) -> bool:
        """Whether only the earlier one moves, and not back: forward, or from one branch to another."""
        forward = [image for image in self.moved if image.head is self.earlier and image.base]
        if len(self.moved) != 1 or not forward:
            return False
        shas = [forward[0].commits]
        if None in shas[0]:
            return _by_version(forward[0].base, forward[0].head) in (Relation.AHEAD, Relation.SAME)
        found = history.distance(shas[0][0] or "", shas[0][1] or "")
        return isinstance(found, Distance) and found.relation is not Relation.BEHIND

    def distance(self, history: History) -> Distance | Unknown:
        """Return how the later one's commit is related to the earlier one's."""
        old, new = _sha(self.earlier), _sha(self.later)
        if by_version := self._by_version:
            return Distance(by_version)
        for use, sha in ((self.earlier, old), (self.later, new)):
            if sha is None:
                return Unknown(f"the tag of {use.owner} contains no git SHA ({_tag(use) or 'it has none'})")
        return history.distance(old or "", new or "")

    @property
    def is_by_version(self) -> bool:
        """Whether versions order the two, and no commits."""
        return self._by_version is not None

    @property
    def _by_version(self) -> Relation | None:
        return None if _is_rebuilt(self.earlier, self.later) else _by_version(self.earlier, self.later)

    @property
    def is_by_past(self) -> bool:
        """Whether what ran before tells: both have a digest of one image, or else tags that stay what they are, without an order."""
        images = self.earlier.reference, self.later.reference
        if not images[0] or not images[1] or _sha(self.earlier) or _sha(self.later) or self.is_by_version:
            return False
        if images[1].digest:
            return images[0].digest is not None and _last_name(self.earlier) == _last_name(self.later)
        return bool(images[0].tag and images[1].tag) and images[0].tag not in _MOVING and images[1].tag not in _MOVING

    @property
    def decisive(self) -> tuple[ImageChange, ...]:
        """The change of the later one if it moves; else that of the earlier one."""
        return tuple(image for image in self.moved if image.head is self.later) or self.moved

    @property
    def place(self) -> Field:
        """The place of a finding: what tells the two apart."""
        return self.use.digest_field if _is_rebuilt(self.earlier, self.later) else self.use.version_field

    @property
    def use(self) -> ImageUse:
        """The image that a finding is about: the image that the change moves, the later one if it moves both or none."""
        moved = next((image.head for image in self.decisive), None)
        return moved or self.later

    def related_to(self, use: ImageUse) -> list[tuple[Field, str]]:
        """The other one of the two, where it is written."""
        other = self.earlier if use is self.later else self.later
        if _is_rebuilt(self.earlier, self.later):
            return [(other.digest_field, f"{other.owner} is at {_with_digest(other)}")]
        return [(other.version_field, f"{other.owner} is at {_short(other)}")]

    @property
    def who_is_before(self) -> str:
        """The earlier one, with its target if that is another one."""
        target = self.earlier.manifest.target.name
        return f"{self.earlier.owner}{f' in {target}' if target != self.later.manifest.target.name else ''}"

    def message(self, distance: Distance, group: str) -> str:
        """Say which order is broken."""
        ahead, behind = _commits(distance.ahead), _commits(distance.behind)
        first = f"release group {group} promotes {self.who_is_before} first"
        if distance.relation is Relation.DIVERGED:
            return (
                f"{self.later.owner} is at {_short(self.later)}, which {_short(self.earlier)} does not contain "
                f"({ahead} ahead, {behind} behind); {first}"
            )
        far = "" if self.is_by_version else f"{ahead} "
        return f"{self.later.owner} is at {_short(self.later)}, {far}ahead of {_short(self.earlier)}; {first}"

    def message_of_past(self, group: str) -> str:
        """Say that the earlier one has never run the image of the later one."""
        image = _with_digest(self.later) if _is_rebuilt(self.earlier, self.later) else _short(self.later)
        return f"{self.later.owner} is at {image}, which {self.who_is_before} has never run; release group {group} promotes that first"


def steps(group: GroupChange, environments: Environments) -> Iterator[Step]:
    """Yield every member with those of the nearest stage before its own, once for each of their commits."""
    seen: set[Hashable] = set()
    for number, stage in enumerate(group.stages):
        for later in _what_runs_first(stage):
            for earlier in _before(later, group.stages[:number], environments):
                if later.head and earlier.head and (key := _key(later, earlier)) not in seen:
                    seen.add(key)
                    moved = tuple(image for image in (later, earlier) if image.differs)
                    yield Step(earlier.head, later.head, earlier.base, moved)


def alone(group: GroupChange) -> Iterator[ImageChange]:
    """Yield the images that move in a later stage while no stage before it has any member, one for each target."""
    found: dict[str, ImageChange] = {}
    for number, stage in enumerate(group.stages):
        if number and not any(image.head for before in group.stages[:number] for image in before):
            for image in _what_runs_first(stage):
                if image.differs and image.head:
                    found.setdefault(image.target, image)
    yield from found.values()


def _before(later: ImageChange, stages: Sequence[Sequence[ImageChange]], environments: Environments) -> Sequence[ImageChange]:
    """The members of the nearest stage that has some in its namespace, else in its target, else anywhere: there, the most alike.

    Members without a git SHA count only if none has one.
    """
    there = [[image for image in stage if image.head] for stage in reversed(stages)]
    here = [[image for image in stage if image.target == later.target] for stage in there]
    beside = [[image for image in stage if _namespace(image) == _namespace(later)] for stage in here]
    nearest = next((stage for stage in (*beside, *here) if stage), None)
    if nearest is None:
        nearest = next((stage for stage in there if stage), [])
        closest = max((_likeness(image, later, environments) for image in nearest), default=())
        nearest = [image for image in nearest if _likeness(image, later, environments) == closest]
    return _what_runs_first([image for image in nearest if _sha(image.use)] or nearest)


def _likeness(image: ImageChange, other: ImageChange, environments: Environments) -> tuple[bool, ...]:
    """Whether they share environment or namespace, name, and repository: the most important first."""
    uses = image.use, other.use
    share = not environments(uses[0]).isdisjoint(environments(uses[1]))
    near = share or (bool(_namespace(image)) and _namespace(image) == _namespace(other))
    return near, uses[0].manifest.resource == uses[1].manifest.resource, _repository(uses[0]) == _repository(uses[1])


def _namespace(image: ImageChange) -> str:
    return image.use.manifest.namespace


def _repository(use: ImageUse) -> str:
    return use.reference.repository if use.reference else ""


def _what_runs_first(images: Sequence[ImageChange]) -> Sequence[ImageChange]:
    """Containers come before variables that name the same image."""
    return sorted(images, key=lambda image: not image.use.pulled)


def _key(later: ImageChange, earlier: ImageChange) -> Hashable:
    who = later.target, _namespace(later), later.use.manifest.resource, later.use.text, later.differs
    return *who, earlier.target, _sha(earlier.use) or earlier.use.text, earlier.differs


def _is_same(one: ImageUse, other: ImageUse) -> bool:
    first, second = _sha(one), _sha(other)
    if first and second:
        return same_sha(first, second)
    if _tag(one) is not None and _tag(one) == _tag(other):
        return not _is_rebuilt(one, other)
    return _digest(one) is not None and _digest(one) == _digest(other)


def _is_rebuilt(one: ImageUse, other: ImageUse) -> bool:
    """Whether two images have one name and tag, which is no git SHA, and another digest each: then the tag does not tell what they are."""
    digests = _digest(one), _digest(other)
    return (
        None not in digests
        and digests[0] != digests[1]
        and _tag(one) is not None
        and _tag(one) == _tag(other)
        and not _sha(one)
        and _last_name(one) == _last_name(other)
    )


def _digest(use: ImageUse) -> str | None:
    return use.reference.digest if use.reference else None


def _last_name(use: ImageUse) -> str:
    """What a mirror of an image is called, too."""
    return _repository(use).rpartition("/")[2]


def is_newer_version(image: ImageChange) -> bool:
    """Whether an image goes to a later version, which is no rollback even if it ran before."""
    return _by_version(image.base, image.head) is Relation.AHEAD


def _by_version(one: ImageUse | None, other: ImageUse | None) -> Relation | None:
    """How the version of one image is related to that of the other, where neither has a SHA."""
    if one is None or other is None or _sha(one) or _sha(other):
        return None
    return relation(_tag(one) or "", _tag(other) or "")


def _sha(use: ImageUse) -> str | None:
    tag = _tag(use) or ""
    return git_sha(tag) or bare_sha(tag)


def _tag(use: ImageUse) -> str | None:
    return use.reference.tag if use.reference else None


def _short(use: ImageUse) -> str:
    return (_sha(use) or "")[:10] or _tag(use) or _short_digest(use) or "no tag"


def _with_digest(use: ImageUse) -> str:
    return f"{_short(use)}@{_short_digest(use)}"


def _short_digest(use: ImageUse) -> str:
    digest = _digest(use)
    return f"{digest[:19]}…" if digest else ""


def _commits(count: int | None) -> str:
    return "some commits" if count is None else f"{count} commit{'s' if count != 1 else ''}"
