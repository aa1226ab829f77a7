"""`images:` entries of a kustomization that match no image, or that a later one overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from agentslint.rule import RenderedTarget, setting_name

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


def unmatched(target: RenderedTarget, idle: Iterable[AuthoredScalar]) -> Iterator[tuple[AuthoredScalar, str]]:
    """Yield the first setting without effect of each entry, and the message about it."""
    settings = [setting for scalar in idle if (setting := target.settings.get(scalar)) and setting.entry]
    for (_, entry), group in groupby(settings, key=lambda setting: (setting.scalar.path, setting.entry)):
        found = list(group)
        names = " and ".join(setting_name(setting.scalar) for setting in found)
        others = [other for other in target.settings.values() if other.entry == entry and other.scalar in target.influence]
        if others:
            verb = "have" if len(found) > 1 else "has"
            yield found[0].scalar, f"{names} {verb} no effect: another entry for {entry}, or the digest in this one, takes precedence"
        else:
            yield found[0].scalar, f"the images entry for {entry} has no effect: it matches no image{_hint(target, entry)}"


def _hint(target: RenderedTarget, entry: str) -> str:
    """An image that may have been meant: one that kustomize does not update, or one with the same last name."""
    last = entry.rpartition("/")[2]
    for use in target.image_uses:
        repository = use.reference.repository if use.reference else ""
        if repository == entry:
            return f"; {use.owner} has it in a field that kustomize does not update"
        if repository.rpartition("/")[2] == last:
            return f"; {use.owner} runs {repository}, and kustomize compares names literally"
    return ""
