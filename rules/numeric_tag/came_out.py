"""Where a scalar comes out as another text than its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from agentslint.rule import Field, ImageUse, RenderedTarget, dotted, hands_values, leaves, object_values, values_of_release

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


def came_out(target: RenderedTarget, scalar: AuthoredScalar, texts: Iterable[str]) -> tuple[str, Field] | None:
    """The other text and where it stands: an image, or a field that is proven to come from the scalar."""
    for text in texts:
        images = [(use.tag_field if use.parts else use.field, span) for use in target.image_uses if (span := _tag_span(use, text))]
        for place, span in images:
            origins = [segment for segment in target.origins(place) if segment.overlap(span) > 0]
            if any(segment.scalar == scalar for segment in origins) or not origins:
                return text, Field(place.manifest, place.pointer, span)
        for place in _fields(target, text) if not text.isalpha() else ():
            if any(segment.scalar == scalar for segment in target.origins(place)):
                return text, place
    return None


def in_values(target: RenderedTarget) -> Iterator[tuple[AuthoredScalar, str, Field]]:
    """Yield the authored scalars in a resource that are values of a release: each with its name, and where it is rendered."""
    if not any(map(hands_values, target.manifests)):
        return
    rendered: dict[tuple[str | int, ...], list[Field]] = {}
    for value in object_values(target.manifests):
        rendered.setdefault(value.path, []).append(value.field)
    for scalar in target.authored:
        kind, _, name = str(scalar.key_path[0]).partition("/") if scalar.key_path[:1] != ("items",) else ("List", "", "")
        path = values_of_release(kind, scalar.key_path)
        places = [place for place in rendered.get(path or (), ()) if kind in (place.manifest.kind, "List") and name in place.manifest.name]
        yield from ((scalar, dotted(path or ()), place) for place in places)


def operated_key(scalar: AuthoredScalar) -> str:
    """The last key of the path at which a JSON 6902 operation writes a scalar; empty where it is no part of one."""
    path = scalar.key_path[-2] if scalar.key == "value" and len(scalar.key_path) > 1 else ""
    return path.rpartition("/")[2].rstrip("]") if isinstance(path, str) and path.startswith("[/") else ""


def _tag_span(use: ImageUse, text: str) -> tuple[int, int] | None:
    found = re.search(rf":({re.escape(text)})(?=@|$)", use.text)
    return found.span(1) if found and not use.parts else (0, len(text)) if found else None


def _fields(target: RenderedTarget, text: str) -> Iterator[Field]:
    for manifest in target.manifests:
        for pointer, value in leaves(manifest.body):
            if str(value) == text:
                yield Field(manifest, pointer)
