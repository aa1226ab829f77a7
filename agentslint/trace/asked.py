"""The subject of a trace: all of a field's text, or the part that a finding is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
from agentslint.images import InvalidReference, Reference
from agentslint.images.reference import Span
from agentslint.model import Field, Pointer
from agentslint.model.manifest import text_of

FieldKey = tuple[int, Pointer]
"""A field of a target: index of its manifest, and pointer."""


class Asked(Struct):
    """One field, its text, and the spans of it that have to be explained."""

    place: Field
    text: str
    spans: list[Span] = []

    @property
    def context(self) -> str:
        """The lines of the text that hold the spans: all of it, where it has one line."""
        start = self.text.rfind("\n", 0, min(span[0] for span in self.spans)) + 1
        end = self.text.find("\n", max(span[1] for span in self.spans))
        return self.text[start : None if end < 0 else end]

    @property
    def parts(self) -> list[str]:
        """The texts of the spans."""
        return [self.text[start:end] for start, end in self.spans]

    def left(self, found: Iterable[Segment]) -> list[Span]:
        """Return the spans that no segment overlaps."""
        return [span for span in self.spans if all(segment.overlap(span) <= 0 for segment in found)]

    def without(self, scalars: Iterable[AuthoredScalar]) -> list[Span]:
        """Return the spans in which none of the scalars' texts occurs."""
        texts = {scalar.text for scalar in scalars}
        return [span for span in self.spans if not any(_meets(self.text, text, span) for text in texts)]


def asked(places: Iterable[Field]) -> dict[FieldKey, Asked]:
    """Gather the questions about each field; fields without text (absences, objects, booleans) are left out."""
    found: dict[FieldKey, Asked] = {}
    for place in places:
        if text := text_of(place):
            one = found.setdefault(key(place), Asked(place, text))
            one.spans += [span for span in spans(place) if span not in one.spans]
    return found


def spans(place: Field) -> list[Span]:
    """Return the parts of a field's text that a finding is about.

    What is missing belongs beside the tag, else beside the repository. A whole image is made of repository, tag and digest.
    """
    text = text_of(place)
    start, end = place.span or (0, len(text))
    try:
        reference = Reference.parse(text[start:end])
    except InvalidReference:
        return [(start, end)]
    parts: Sequence[Span | None] = (reference.repository_span, reference.tag_span, reference.digest_span)
    if place.missing == "tag":
        parts = (reference.digest_span, reference.repository_span)
    elif place.missing:
        parts = (reference.tag_span or reference.repository_span,)
    elif place.span and not (reference.tag_span or reference.digest_span):
        return [(start, end)]
    return [(start + part[0], start + part[1]) for part in parts if part]


def beside(place: Field) -> Field:
    """Return the field beside which a part of an image belongs that is written as an object of its own: the tag, the repository."""
    owner = place.value
    if place.missing in ("digest", "tag") and isinstance(owner, Mapping):
        for name in (*(("tag", "version") if place.missing == "digest" else ()), "repository", "repo", "image"):
            if isinstance(owner.get(name), (str, int, float)) and owner[name]:
                return Field(place.manifest, (*place.pointer, name))
    return place


def key(place: Field) -> FieldKey:
    """Tell a field from the others of its target."""
    return place.manifest.index, place.pointer


def _meets(whole: str, part: str, span: Span) -> bool:
    at = whole.find(part)
    while 0 <= at < span[1]:
        if at + len(part) > span[0]:
            return True
        at = whole.find(part, at + 1)
    return False
