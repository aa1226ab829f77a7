"""Where a scalar comes out as another text than its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from agentslint.rule import Field, Pointer, ReleaseValue, RenderedTarget, hands_values, leaves, object_values, values_of_release

from .texts import other_texts, reads_as

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


def came_out(target: RenderedTarget, scalar: AuthoredScalar, texts: Iterable[str]) -> tuple[str, Field] | None:
    """The other text and where it stands: an image, or a field that is proven to come from the scalar.

    `true` may come from any of several scalars: that decides which image is another one where the scalar is quoted.
    """
    likely: list[tuple[str, Field]] = []
    for text in texts:
        for place, span, is_whole in _tags(target, text):
            origins = [segment for segment in target.origins(place) if segment.overlap(span) > 0]
            if any(segment.scalar == scalar for segment in origins):
                return text, Field(place.manifest, place.pointer, span)
            if is_whole and not origins and target.may_hold(scalar, place.manifest):
                likely.append((text, Field(place.manifest, place.pointer, span)))
        for place in _fields(target, text) if not text.isalpha() else ():
            if any(segment.scalar == scalar for segment in target.origins(place)):
                return text, place
    differing = target.images_if_quoted(scalar) if likely else None
    if differing is None:
        return next(iter(likely), None)
    places = {(use.manifest.index, use.pointer) for use, _ in differing}
    return next(((text, place) for text, place in likely if (place.manifest.index, place.pointer) in places), None)


def in_values(target: RenderedTarget) -> Iterator[tuple[AuthoredScalar, ReleaseValue, str]]:
    """Yield the authored scalars in resources that become other values of a release: each with the value, and what the chart prints.

    Where a render proves it, that decides; else the one that stands in a document of that kind and name.
    """
    if not any(map(hands_values, target.unjudged)):
        return
    authored = _by_path(target)
    for value in object_values(target.unjudged) if authored else ():
        place, kinds = value.field, (value.field.manifest.kind, "List")
        same = (scalar for kind in kinds for scalar in authored.get((kind, value.path), ()))
        alike = {scalar: text for scalar in same if (text := reads_as(scalar.text, place.value, flag=value.flag))}
        origins = target.origins(place) if alike else ()
        proven = [scalar for scalar in alike if any(segment.scalar == scalar for segment in origins)]
        likely = [scalar for scalar in alike if target.may_hold(scalar, place.manifest)] if not origins else []
        yield from ((scalar, value, alike[scalar]) for scalar in proven or (likely if len(likely) == 1 else ()))


def _by_path(target: RenderedTarget) -> Mapping[tuple[str, Pointer], list[AuthoredScalar]]:
    """The scalars that nobody quoted, by the kind of their resource and their way in the values of a release."""
    found: dict[tuple[str, Pointer], list[AuthoredScalar]] = {}
    for scalar in target.authored:
        if scalar.style == "plain" and scalar.key_path:
            owner = str(scalar.key_path[0]).partition("/")[0]
            kind = "List" if owner == "items" else owner
            if (path := values_of_release(kind, scalar.key_path)) and other_texts(scalar):
                found.setdefault((kind, path), []).append(scalar)
    return found


def _tags(target: RenderedTarget, text: str) -> Iterator[tuple[Field, tuple[int, int], bool]]:
    """Where images have a text as their tag, or as a part of it (`v1.1-alpine`), which tells less."""
    for use in target.image_uses:
        tag = re.search(r":([^:/@]+)(?=@|$)", use.text)
        part = re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.])", tag[1]) if tag else None
        if tag and part:
            start = part.start() if use.parts else tag.start(1) + part.start()
            yield use.tag_field if use.parts else use.field, (start, start + len(text)), part[0] == tag[1]


def _fields(target: RenderedTarget, text: str) -> Iterator[Field]:
    for manifest in target.manifests:
        for pointer, value in leaves(manifest.body):
            if str(value) == text:
                yield Field(manifest, pointer)
