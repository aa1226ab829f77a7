"""`images:` entries of a kustomization that match no image, or of which another one takes something back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from agentslint.rule import Field, Location, RenderedTarget, Setting, read_reference, setting_name, setting_names

from .candidates import components_of
from .deployers import overridden, similar_image

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar, ImageUse

Told = tuple["AuthoredScalar", str, list[tuple[Location, str]]]


def unmatched(target: RenderedTarget, idle: Iterable[AuthoredScalar]) -> Iterator[Told]:
    """Yield the first setting without effect of each entry, the message about it, and the related places."""
    settings = [setting for scalar in idle if (setting := target.settings.get(scalar)) and setting.entry]
    for (path, entry), group in groupby(settings, key=lambda setting: (setting.scalar.path, setting.entry)):
        found = list(group)
        names = " and ".join(setting_names(setting.scalar for setting in found))
        same = [other for other in _entries(target) if other.entry == entry and other.scalar not in idle]
        renaming = next((other for other in same if other.part == "repository" and _is_before(target, other, found[0])), None)
        verb = "have" if len(found) > 1 else "has"
        again = _set_again(target, found, same)
        if again and again.scalar.path != path and path not in components_of(target):
            continue  # What another file sets again is a default.
        if deployed := overridden(target, found[0].scalar):
            yield found[0].scalar, f"{names} {verb} no effect: {deployed[0]}", deployed[1]
        elif again:
            related = [(again.scalar.location(), "sets it again")]
            yield found[0].scalar, f"{names} {verb} no effect: the images entry for {again.entry} sets it again", related
        elif renaming:
            message = f"the images entry for {entry} has no effect: {_place(renaming.scalar)} renames the image to {renaming.scalar.text}"
            yield found[0].scalar, message, [(renaming.scalar.location(), f"{entry} is renamed here")]
        elif any(other.scalar.path == path and other.scalar in target.influence for other in same):
            message = f"{names} {verb} no effect: another entry for {entry}, or the digest in this one, takes precedence"
            yield found[0].scalar, message, []
        elif decided := _decided_otherwise(target, found[0]):
            use, part, decider = decided
            own = setting_name(decider)
            by_line = decider.layer.value == "deployer" or own in setting_names(each.scalar for each in found)
            by = _place(decider) if by_line else own
            message = f"{names} {verb} no effect: {by} decides the {part} of {use.owner}"
            yield found[0].scalar, message, [(decider.location(), "decides it")]
        else:
            yield found[0].scalar, f"the images entry for {entry} has no effect: it matches no image{similar_image(target, entry)}", []


def _decided_otherwise(target: RenderedTarget, setting: Setting) -> tuple[ImageUse, str, AuthoredScalar] | None:
    """An image of the entry's name, and what decides this part of it although the entry finds it: a deployer, a replacement, or a patch."""
    uses = (use for use in target.image_uses if _is_updated(use) and use.reference and use.reference.repository == setting.entry)
    fields = ((use, part, place) for use in uses for part, place in _parts(use, setting) if not place.missing)
    found = ((use, part, target.decider(place)) for use, part, place in fields)
    return next(((use, part, decider) for use, part, decider in found if decider and target.settings.get(decider) != setting), None)


def _parts(use: ImageUse, setting: Setting) -> list[tuple[str, Field]]:
    """The part that a setting is for, then the one whose setting takes it away: kustomize writes tag and digest anew together."""
    version = [("tag", use.tag_field), ("digest", use.digest_field)]
    return {"tag": version, "digest": version[::-1]}.get(setting.part, [("repository", use.repository_field)])


def _is_updated(use: ImageUse) -> bool:
    """Whether kustomize looks for images in this field (api/filters/imagetag/legacy.go)."""
    return use.pointer[-1:] == ("image",) and use.pointer[-3:-2] in (("containers",), ("initContainers",))


def _set_again(target: RenderedTarget, found: list[Setting], same: list[Setting]) -> Setting | None:
    """A later entry for the name that this one gives the image, which sets a tag or digest of its own."""
    new_names = [other for other in same if other.part == "repository" and other.scalar.path == found[0].scalar.path]
    texts = {other.scalar.text for other in new_names}
    later = (
        other for other in _entries(target) if other.entry in texts and other.part != "repository" and _is_before(target, found[0], other)
    )
    renamed = next((other for other in later if _applies(target, other)), None) or _of_whole_repository(target, found[0])
    return renamed or next((other for other in same if _sets_part_again(target, found[0], other)), None)


def _of_whole_repository(target: RenderedTarget, one: Setting) -> Setting | None:
    """A later entry for the whole repository, where this one's name is limited to a tag of it."""
    image, _ = read_reference(one.entry)
    others = (other for other in _entries(target) if image and image.repository != one.entry and other.entry == image.repository)
    return next((other for other in others if _is_before(target, one, other) and other.scalar in target.influence), None)


def _sets_part_again(target: RenderedTarget, one: Setting, other: Setting) -> bool:
    """Whether an entry for the same name in a later file decides."""
    drops = one.part == "digest" and other.part == "tag"  # kustomize takes tag and digest from one entry
    same = other.part == one.part or drops
    return one.scalar.path != other.scalar.path and same and _is_before(target, one, other) and _applies(target, other)


def _applies(target: RenderedTarget, setting: Setting) -> bool:
    """Whether an entry changes an image, even if a further entry changes that again."""
    same = [other for other in _entries(target) if other.entry == setting.entry and other.scalar is not setting.scalar]
    return setting.scalar in target.influence or _set_again(target, [setting], same) is not None


def _entries(target: RenderedTarget) -> list[Setting]:
    return [setting for setting in target.settings.values() if setting.entry]


def _is_before(target: RenderedTarget, one: Setting, other: Setting) -> bool:
    """Whether kustomize applies one entry before the other: it stands above it, or in a file on which that one builds.

    A Component changes what bases have made; of two nobody says here which comes first.
    """
    if one.scalar.path == other.scalar.path:
        return one.scalar.region.start_line < other.scalar.region.start_line
    components = components_of(target)
    above = other.scalar.path in components and one.scalar.path not in components and one.scalar.path != target.target.file
    return above or other.scalar.path == target.target.file


def _place(scalar: AuthoredScalar) -> str:
    return f"{scalar.path}:{scalar.region.start_line}"
