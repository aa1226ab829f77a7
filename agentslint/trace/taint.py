"""The taint render: which authored scalar decides a rendered field, proven by changing it.

Every scalar whose text occurs in a field of interest gets a sentinel in a staged copy, which is rendered once; what comes out at the
field names its scalars. Where that does not explain a field (a template branches on the value, a schema refuses it, kustomize
matches on the word), fewer scalars are changed at a time, down to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agentslint.facts import RenderedTarget
from agentslint.manifests import read_manifests
from agentslint.model import Field, Manifest, Pointer, RenderFailure, Rendering, Target
from agentslint.trace.edit import edited
from agentslint.trace.reading import Segment, segments
from agentslint.trace.scalar import AuthoredScalar, Layer
from agentslint.trace.sentinel import SHORTEST_CUT, Sentinel, sentinel

RenderChanged = Callable[[Target, Mapping[str, bytes]], Rendering | RenderFailure]
FieldKey = tuple[int, Pointer]
"""A field of a target: index of its manifest, and pointer."""


@dataclass
class Taint:
    """Traces fields of one target, counting its extra renders; at most `budget` of them."""

    rendered: RenderedTarget
    scalars: Sequence[AuthoredScalar]
    matched_on: frozenset[str]
    """Names of `images:` entries: kustomize looks for them, so a scalar that is one is changed last."""
    render: RenderChanged
    budget: int = 12
    renders: int = 0
    traced: dict[FieldKey, tuple[Segment, ...]] = field(default_factory=dict)
    _numbers: dict[AuthoredScalar, Sentinel | None] = field(default_factory=dict)

    def trace(self, fields: Iterable[Field]) -> dict[FieldKey, tuple[Segment, ...]]:
        """Return the segments of each field whose scalars could be proven."""
        open_fields = {key(place): place for place in fields if text_of(place)}
        candidates = {name: self._candidates(text_of(place)) for name, place in open_fields.items()}
        for group in self._rounds(open_fields, candidates):
            self._round(group, open_fields, candidates)
        return self.traced

    def _rounds(self, fields: Mapping[FieldKey, Field], candidates: Mapping[FieldKey, list[AuthoredScalar]]) -> Iterable[list[AuthoredScalar]]:
        """All candidates at once; then those of one field; then one by one: as long as there are fields to explain."""
        whole = [scalar for name in fields for scalar in candidates[name] if self._likely(scalar, text_of(fields[name]))]
        yield whole
        everything = [scalar for name in fields for scalar in candidates[name]]
        if len(everything) > len(whole) and self._left(fields):
            yield everything
        for name in fields:
            if name not in self.traced and len(candidates[name]) > 1:
                yield candidates[name]
            for scalar in candidates[name]:
                if name not in self.traced:
                    yield [scalar]

    def _left(self, fields: Mapping[FieldKey, Field]) -> bool:
        return any(name not in self.traced for name in fields)

    def _round(self, chosen: list[AuthoredScalar], fields: Mapping[FieldKey, Field], candidates: Mapping[FieldKey, list[AuthoredScalar]]) -> None:
        marks = [(scalar, mark) for scalar in dict.fromkeys(chosen) if (mark := self._sentinel(scalar))]
        if not marks or self.renders >= self.budget:
            return
        self.renders += 1
        tainted = self._render(marks)
        if tainted is None:
            return
        for name, place in fields.items():
            if name not in self.traced:
                after = tainted.text(place)
                plain = text_of(place)
                if after is not None and after != plain:
                    found = segments(plain, after, [mark for mark in marks if mark[0] in candidates[name]])
                    if found:
                        self.traced[name] = found

    def _render(self, marks: Sequence[tuple[AuthoredScalar, Sentinel]]) -> Tainted | None:
        target = self.rendered.target
        by_file: dict[str, list[tuple[AuthoredScalar, Sentinel]]] = {}
        for scalar, mark in marks:
            by_file.setdefault(scalar.path, []).append((scalar, mark))
        changes = {
            path: edited((target.root / path).read_bytes(), [(scalar.region, mark.text) for scalar, mark in inside])
            for path, inside in by_file.items()
        }
        outcome = self.render(target, changes)
        return None if isinstance(outcome, RenderFailure) else Tainted(self.rendered, outcome)

    def _candidates(self, text: str) -> list[AuthoredScalar]:
        """Scalars whose text is in the field's, or (cut by a template) the other way round."""
        return [scalar for scalar in self.scalars if _within(scalar.text, text) and self._sentinel(scalar)]

    def _likely(self, scalar: AuthoredScalar, text: str) -> bool:
        """Whether a scalar is more than a word that happens to occur: tried first, since a changed word may change the shape."""
        if scalar.text in self.matched_on and scalar.layer is not Layer.KUSTOMIZATION:
            return False
        return scalar.text == text or any(character in ":/." or character.isdigit() for character in scalar.text)

    def _sentinel(self, scalar: AuthoredScalar) -> Sentinel | None:
        if scalar not in self._numbers:
            self._numbers[scalar] = sentinel(scalar.text, len(self._numbers) + 1)
        return self._numbers[scalar]


class Tainted:
    """The manifests of a tainted render, found by those of the plain one."""

    def __init__(self, plain: RenderedTarget, outcome: Rendering) -> None:
        kinds = {manifest.kind for manifest in plain.manifests}
        self.manifests = read_manifests(outcome, lambda kind: kind in kinds or kind != "CustomResourceDefinition").manifests
        self.same_shape = [m.kind for m in self.manifests] == [m.kind for m in plain.manifests]
        self.by_name = {(m.kind, m.namespace, m.name): m for m in self.manifests}

    def text(self, place: Field) -> str | None:
        """What stands at the same place of the same manifest; None where there is none such."""
        manifest = self._manifest(place.manifest)
        value = manifest.at(place.pointer) if manifest else None
        return value if isinstance(value, str) else None if value is None or isinstance(value, (dict, list)) else str(value)

    def _manifest(self, plain: Manifest) -> Manifest | None:
        named = self.by_name.get((plain.kind, plain.namespace, plain.name))
        if named is not None or not self.same_shape:
            return named
        return self.manifests[plain.index]


def key(place: Field) -> FieldKey:
    """Tell a field from the others of its target."""
    return place.manifest.index, place.pointer


def text_of(place: Field) -> str:
    """The whole text of a field; empty for what is no scalar."""
    value = place.value
    return value if isinstance(value, str) else "" if value is None or isinstance(value, (dict, list, bool)) else str(value)


def _within(part: str, whole: str) -> bool:
    """Tell whether one text is in the other, at boundaries of words."""
    if part == whole:
        return True
    if len(part) >= 2 and part in whole:
        at = whole.index(part)
        before, after = whole[at - 1 : at], whole[at + len(part) : at + len(part) + 1]
        return not (before.isalnum() and part[0].isalnum()) and not (after.isalnum() and part[-1].isalnum())
    return len(whole) >= SHORTEST_CUT and whole in part and any(character.isdigit() for character in whole)
