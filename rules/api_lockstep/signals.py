"""Signs that an API changes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from agentslint.rule import (
    Change,
    EarlierValue,
    Field,
    GroupChange,
    ImageChange,
    ManifestChange,
    Place,
    TargetChange,
    Unknown,
    api_differences,
    git_sha,
)


class Signal(Struct, frozen=True):
    """A difference of the API for the members of a target (Unknown if git cannot tell), and its `place`."""

    target: str
    difference: str | Unknown
    place: Place

    @property
    def related(self) -> tuple[Place, str] | None:
        """The place in a rendered definition."""
        of_a_crd = isinstance(self.place, Field) and self.place.manifest.kind == "CustomResourceDefinition"
        return (self.place, str(self.difference)) if of_a_crd else None


def from_crds(group: GroupChange, change: Change) -> Iterator[Signal]:
    """Yield the CustomResourceDefinitions of the group that are rendered with another API, one difference each."""
    come = {pair.manifest.name: pair.head for target in change.targets for pair in target.crds if pair.base is None}
    gone = {pair.manifest.name: pair.base for target in change.targets for pair in target.crds if pair.head is None}
    for pair, target in _definitions(group, change):
        name = pair.manifest.name
        if name not in gone or name not in come:
            yield from _signal(pair, target, change)
        elif pair.head is None:
            yield from _signal(ManifestChange(pair.base, come[name]), target, change)


def _definitions(group: GroupChange, change: Change) -> Iterator[tuple[ManifestChange, TargetChange]]:
    """The definitions of the group that differ."""
    named = group.group.settings is not None and bool(group.group.settings.crds)
    members = {image.target for image in group.images}
    for target in (*change.targets, *change.beside):
        if target.base and target.head and (named or target.name in members):
            yield from ((pair, target) for pair in target.crds if pair.differs and (not named or group.defines(pair.manifest.name)))


def _signal(pair: ManifestChange, target: TargetChange, change: Change) -> Iterator[Signal]:
    name = pair.manifest.name
    if pair.base is None or pair.head is None:
        place: Place = Field(pair.head, ("metadata", "name")) if pair.head else target.place
        yield Signal(target.name, f"{name} is {'added' if pair.head else 'removed'}", place)
        return
    found = list(api_differences(pair.base, pair.head))
    if found:
        first = next((each for each in found if each.breaks), found[0])
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Signal(target.name, f"{name}: {first}{more}", change.nearest(first.field))


def from_paths(group: GroupChange, change: Change) -> Iterator[Signal]:
    """Yield the files of the API that differ between the commit that a member ran and the one that it is promoted to."""
    paths = group.group.settings.api_paths if group.group.settings else ()
    seen: set[tuple[str, str, str]] = set()
    for image in group.images if paths else ():
        old, new = image.commits[0], commit_of(image, group, change)
        if image.head and old and new and old != new and (key := (image.target, old, new)) not in seen:
            seen.add(key)
            found = change.history(group.name).changed(old, new, paths)
            if found:
                what = found if isinstance(found, Unknown) else f"{_listed(found)} between {old[:10]} and {new[:10]}"
                yield Signal(image.target, what, image.head.version_field)


def commit_of(image: ImageChange, group: GroupChange, change: Change) -> str | None:
    """Return the SHA of an image now; if a digest is rolled back under the tag of another one, the SHA at which it ran before."""
    old, new = image.commits
    if old == new and all(image.digests) and len(set(image.digests)) == 2:
        before = change.rollback(image, group.name)
        tag = change.rollbacks.tag_at(image, before) if isinstance(before, EarlierValue) else None
        return git_sha(tag or "") or new
    return new


def _listed(paths: tuple[str, ...]) -> str:
    return paths[0] + (f" and {len(paths) - 1} more differ" if len(paths) > 1 else " differs")
