"""Settings of a deployer that override those of the folder that it deploys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from agentslint.rule import Location, Pointer, RenderedTarget, Setting, image_entry, source_path, values_path

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar

_POST = "postRenderers"
_AGAIN: Mapping[str | int, tuple[str, ...]] = {"newTag": ("newTag", "digest"), "digest": ("newTag", "digest"), "newName": ("newName",)}
"""What takes the place of a part of an image: kustomize writes tag and digest anew where an entry has either."""
Related = list[tuple[Location, str]]


def overridden(target: RenderedTarget, scalar: AuthoredScalar) -> tuple[str, Related] | None:
    """Say which line of a deployer decides in the place of a scalar, with that line as related place; None where none does."""
    setting = target.settings.get(scalar)
    if beside := values_object(target, scalar):
        settings = (other for other in _of_deployer(target) if other.path == scalar.path and other.key_path[: len(beside)] == beside)
        return "valuesObject takes the place of values", [(each.location(), "set in valuesObject") for each in islice(settings, 1)]
    if later := _post_rendered(target, scalar):
        return f"the post-renderer at {later.path}:{later.region.start_line} sets it again", [(later.location(), "sets it again")]
    same = [other for other in _of_deployer(target) if _is_same(target, scalar, setting, other)] if target.target.deployed else []
    deciding = [other for other in same if other in target.influence]
    # Of an image the last one counts where no finding has asked which does.
    filled_in = [other for other in same if "$" in other.text or other.text == "*"]
    for other in deciding[:1] or (same[-1:] if setting is None else filled_in[-1:]):
        return f"{other.path}:{other.region.start_line} overrides it", [(other.location(), "the deployer sets it here")]
    return None


def _post_rendered(target: RenderedTarget, scalar: AuthoredScalar) -> AuthoredScalar | None:
    """What a later post-renderer of the same HelmRelease sets in the place of a scalar, for the image's name or the one that it gets."""
    path = scalar.key_path
    at = path.index(_POST) + 1 if scalar.layer.value == "deployer" and _POST in path else len(path)
    if path[-1] not in _AGAIN or at == len(path):
        return None
    beside = [other for other in _of_deployer(target) if other.path == scalar.path and other.key_path[:at] == path[:at]]
    new_names = {other.text for other in beside if other.key_path == (*path[:-1], "newName")}
    later = (other for other in beside if _number(other.key_path[at]) > _number(path[at]))
    again = (other for other in later if other.key_path[-1] in _AGAIN[path[-1]] and image_entry(other) in {image_entry(scalar), *new_names})
    return next((other for other in again if other in target.influence), None)


def _number(step: str | int) -> int:
    return step if isinstance(step, int) else -1


def matches_nothing(target: RenderedTarget, scalar: AuthoredScalar) -> tuple[str, Related] | None:
    """Say why an image of a deployer finds none: the folder renames it, or it has another name; None where that is not so."""
    entry = image_entry(scalar)
    if not entry or any(use.reference and use.reference.repository == entry for use in target.image_uses):
        return None
    renaming = next((each.scalar for each in target.settings.values() if (each.entry, each.part) == (entry, "repository")), None)
    if renaming:
        where = f"{renaming.path}:{renaming.region.start_line} renames the image to {renaming.text}"
        return where, [(renaming.location(), f"{entry} is renamed here")]
    return f"it matches no image{similar_image(target, entry)}", []


def source_and_setting(scalar: AuthoredScalar) -> tuple[object, ...]:
    """Return the file, the source in it, and the setting of a deployer's scalar: two with the same set one thing twice."""
    path = scalar.key_path
    at = next((path.index(key) for key in ("kustomize", "helm") if key in path), 0)
    return scalar.path, path[:at], values_path(scalar)


def values_object(target: RenderedTarget, scalar: AuthoredScalar) -> Pointer:
    """Return the key path of `valuesObject` where a scalar stands in the `values` beside it: Argo CD takes the object alone; else ()."""
    path = scalar.key_path
    if scalar.layer.value != "deployer" or "helm" not in path or path[path.index("helm") + 1 :][:1] != ("values",):
        return ()
    inline = target.target.closure.charts[0].inline if target.target.closure.charts else None
    return (*path[: path.index("helm") + 1], "valuesObject") if inline and "valuesObject" in inline else ()


def _of_deployer(target: RenderedTarget) -> Iterator[AuthoredScalar]:
    return (scalar for scalar in target.authored if scalar.layer.value == "deployer")


def _is_same(target: RenderedTarget, scalar: AuthoredScalar, setting: Setting | None, other: AuthoredScalar) -> bool:
    if scalar.layer.value == "deployer":
        key = source_and_setting if other.path == scalar.path else source_path
        return other != scalar and key(other) == key(scalar)
    if setting is None or not setting.entry:
        return values_path(other) == values_path(scalar) and bool(target.charts_of(scalar) & target.charts_of(other))
    looked_for = other.key_path[-2] if len(other.key_path) > 1 else ""
    return looked_for in {f"[{name}]" for name in (setting.entry, *_new_names(target, setting))}


def _new_names(target: RenderedTarget, setting: Setting) -> Iterator[str]:
    for other in target.settings.values():
        if other.part == "repository" and (other.scalar.path, other.entry) == (setting.scalar.path, setting.entry):
            yield other.scalar.text


def similar_image(target: RenderedTarget, entry: str) -> str:
    """An image that may have been meant: one that kustomize does not update, or one with the same last name."""
    last = entry.rpartition("/")[2]
    for use in target.image_uses:
        repository = use.reference.repository if use.reference else ""
        if repository == entry:
            return f"; {use.owner} has it in a field that kustomize does not update"
        if repository.rpartition("/")[2] == last:
            return f"; {use.owner} runs {repository}, and kustomize compares names literally"
    return ""
