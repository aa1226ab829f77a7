"""Why a setting has no effect: the value that applies instead, or the key that was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from agentslint.rule import Location, RenderedTarget, Setting, setting_name, values_path

from .deployers import matches_nothing, overridden

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar

Related = list[tuple[Location, str]]
_PARTS = ("repository", "registry", "tag", "digest", "pullSecrets")
_NEAR = 0.8
_LISTED = 2


def why(target: RenderedTarget, scalar: AuthoredScalar) -> tuple[str, Related]:
    """Say what applies instead of a setting, with related places; an empty text if that is unknown."""
    if deployed := overridden(target, scalar):
        return f": {deployed[0]}", deployed[1]
    if unmatched := matches_nothing(target, scalar):
        return f": {unmatched[0]}", unmatched[1]
    meant = _meant(target, scalar)
    if meant:
        return f": the chart has no such key; did you mean {meant}?", []
    setting = target.settings.get(scalar)
    digest = _beside(target, setting) if setting else None
    if digest:
        return f": {setting_name(digest)} takes precedence", [(digest.location(), f"applies to {_users(target, digest)}")]
    deciding = _deciding(target, setting) if setting else []
    applying = [f"{setting_name(other)} applies to {_users(target, other)}" for other in deciding[:_LISTED]]
    more = [f"{len(deciding) - _LISTED} more"] if len(deciding) > _LISTED else []
    related = [(other.location(), f"applies to {_users(target, other)}") for other in deciding]
    return (f": {_listed([*applying, *more])} instead" if applying else ""), related


def _beside(target: RenderedTarget, setting: Setting) -> AuthoredScalar | None:
    """The digest beside a tag that makes the chart leave the tag out."""
    digests = (other for other in target.settings.values() if setting.part == "tag" and other.part == "digest" and other.beside(setting))
    return next((digest.scalar for digest in digests if digest.scalar in target.influence), None)


def _deciding(target: RenderedTarget, mine: Setting) -> list[AuthoredScalar]:
    """The settings that decide the same part of images, from the blocks most like its own in contents and name."""
    others = [other for other in target.settings.values() if other.part == mine.part and other.charts == mine.charts]
    likeness = {other.scalar: _common(target, mine, other) for other in others if other.scalar in target.influence}
    most = max(likeness.values(), default=0)
    return [scalar for scalar, common in likeness.items() if common == most and (common or scalar.key_path[-2:-1] == mine.block[-1:])]


def _common(target: RenderedTarget, mine: Setting, other: Setting) -> int:
    """How many texts two blocks have in common."""
    blocks = [{setting.scalar.text for setting in target.settings.values() if setting.beside(one)} for one in (mine, other)]
    return len(blocks[0] & blocks[1])


def _listed(words: list[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _users(target: RenderedTarget, scalar: AuthoredScalar) -> str:
    resources = list(dict.fromkeys(place.manifest.resource for place in target.influence[scalar]))
    return resources[0] if len(resources) == 1 else f"{resources[0]} and others"


def _meant(target: RenderedTarget, scalar: AuthoredScalar) -> str:
    """The key path that was probably meant: one key is a letter or two away from a key of the chart."""
    path = [step for step in values_path(scalar) if isinstance(step, str)]
    charts = target.charts_of(scalar)
    defaults = [other for other in target.overrides if other.layer.value == "chart" and target.charts_of(other) & charts]
    known = {prefix for other in defaults for prefix in _prefixes(values_path(other))}
    for at, step in enumerate(path):
        if (*path[:at], step) not in known:
            siblings = {prefix[at] for prefix in known if len(prefix) > at and prefix[:at] == tuple(path[:at])}
            siblings |= set(_PARTS) if at and siblings else set()
            near = get_close_matches(step, sorted(siblings - {step}), 1, _NEAR) if step not in siblings else []
            return ".".join((*path[:at], near[0], *path[at + 1 :])) if near else ""
    return ""


def _prefixes(path: Iterable[str | int]) -> Iterator[tuple[str, ...]]:
    names = tuple(step for step in path if isinstance(step, str))
    return (names[:length] for length in range(1, len(names) + 1))
