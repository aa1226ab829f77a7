"""The digest or tag of an image, and the image that its own block names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from agentslint.rule import Field, ImageUse, RenderedTarget, Setting, read_reference

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class Inherited(Struct, frozen=True):
    """A part of an image that was written for another one; `repository` is the proven origin of the image's own repository."""

    part: AuthoredScalar
    other: str
    repository: AuthoredScalar | None


def inherited(target: RenderedTarget, use: ImageUse, place: Field) -> Inherited | None:
    """Return the origin of the text at `place`, the digest or tag of `use`, if it was written for another image.

    The texts show whether that is possible at all; only then a render proves it.
    """
    settings = target.settings.values()
    may_be = any(place.text in one.scalar.text and _other(one, target, use) for one in settings)
    if use.reference is None or not (may_be or any(_renames(one, use) for one in settings)):
        return None
    part, repository = target.decider(place), target.decider(use.repository_field)
    setting = target.setting(part) if part else None
    other = _other(setting, target, use) if setting else ""
    found = Inherited(part, other, repository) if part and other and part != repository else None
    by_design = found is not None and not use.reference.digest and _chart_means_it(found, target)
    return None if by_design else found


def _chart_means_it(found: Inherited, target: RenderedTarget) -> bool:
    """Whether the chart itself gives this repository (or a mirror of it) the tag of another image: they are released together."""
    source = target.setting(found.repository) if found.repository else None
    if source is None:
        return True
    defaults = (setting for setting in (source, *target.settings.values()) if setting.is_chart_default and setting.beside(source))
    return any(setting.part == source.part and _name(setting.scalar.text) == _name(source.scalar.text) for setting in defaults)


def _renames(setting: Setting, use: ImageUse) -> bool:
    """Whether an `images:` entry gives an image another last name."""
    renames = bool(setting.entry) and setting.scalar.text == _repository(use)
    return renames and _name(_without_version(setting.entry)) != _name(_repository(use))


def _other(part: Setting, target: RenderedTarget, use: ImageUse) -> str:
    """The repository that the part's block names, unless it names this image, too; else empty.

    A digest in a block that names no image belongs to all images that have it.
    """
    own = _name(_repository(use))
    named = list(_named(part, target))
    if any(_name(repository) == own for repository in named):
        return ""
    users = (other.reference for other in target.image_uses if other.reference and other.reference.digest == part.scalar.text)
    others = named or [image.repository for image in users if part.part == "digest" and _name(image.repository) != own]
    return others[0] if others else ""


def _named(part: Setting, target: RenderedTarget) -> Iterator[str]:
    """Repositories that are written in the part's block, in any layer."""
    for setting in (part, *target.settings.values()):
        if setting.part in ("image", "repository") and setting.beside(part):
            image, _ = read_reference(setting.scalar.text)
            yield image.repository if image else setting.scalar.text
    if part.entry:
        yield _without_version(part.entry)


def _without_version(entry: str) -> str:
    """The repository of which an `images:` entry speaks: its name may carry a tag or a digest, which kustomize then looks for, too."""
    image, _ = read_reference(entry)
    return image.repository if image else entry


def _repository(use: ImageUse) -> str:
    return use.reference.repository if use.reference else use.text


def _name(repository: str) -> str:
    """A mirror has the same image under the same last name."""
    return repository.rpartition("/")[2]
