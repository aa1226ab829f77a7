"""The images that a target's kustomizations set, as far as that is known without a render.

As kustomize 5.8's api/filters/imagetag/updater.go does it: an entry takes the images of exactly its `name`, in the order of the
entries and from the innermost kustomization outwards; what it does not set stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec.structs import replace

from agentslint.discover.direct import Direct
from agentslint.discover.kustomization import ImageEntry
from agentslint.model import ImagePin


class DirectReads(Protocol):
    """Kustomizations by the real absolute path of their folder."""

    def direct(self, folder: str) -> Direct:
        """Return what the kustomization in a folder reads itself."""


def pins(folder: str, kustomizations: DirectReads) -> tuple[ImagePin, ...]:
    """Return the pins that are left when the kustomization in `folder` is through with those below it."""
    left: dict[str, tuple[ImagePin, ...]] = {}
    for here in _innermost_first(folder, kustomizations):
        direct = kustomizations.direct(here)
        below = dict.fromkeys(pin for child in direct.children for pin in left.get(child, ()))
        left[here] = tuple(_through(below, direct.images, next(iter(direct.kustomizations), "")))
    return left[folder]


def _innermost_first(folder: str, kustomizations: DirectReads) -> Iterator[str]:
    seen: set[str] = set()
    waiting = [(folder, False)]
    while waiting:
        here, below_done = waiting.pop()
        if below_done:
            yield here
        elif here not in seen:
            seen.add(here)
            waiting += [(here, True), *((child, False) for child in kustomizations.direct(here).children)]


def _through(below: Iterable[ImagePin], entries: Sequence[ImageEntry], path: str) -> list[ImagePin]:
    """Lead the pins through the entries of one kustomization, each of which may be a pin itself."""
    found = list(below)
    for entry in entries:
        found = [_renamed(pin, entry) for pin in found if not _replaced(pin, entry)]
        if place := entry.tag.region or entry.digest.region:
            found.append(ImagePin(path, entry.new_name or entry.name, entry.tag.text, entry.digest.text, place))
    return found


def _replaced(pin: ImagePin, entry: ImageEntry) -> bool:
    return pin.repository == entry.name and bool(entry.tag.text or entry.digest.text)


def _renamed(pin: ImagePin, entry: ImageEntry) -> ImagePin:
    return replace(pin, repository=entry.new_name) if pin.repository == entry.name and entry.new_name else pin
