"""The proofs that changed renders of one target have given so far, and the open questions."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from agentslint.authorship.authored_scalar import AuthoredScalar, Segment, longest_first
from agentslint.experiment.marked_render import MarkedRender
from agentslint.experiment.marks import PAIRED
from agentslint.experiment.read_marks import Marks, alone, segments
from agentslint.images.reference import read_reference
from agentslint.trace.asked import Asked, FieldKey

ScalarList = list[AuthoredScalar]


class TaintOutcome(Struct):
    """Open questions after a render: changed fields without an explanation, and uncertain explanations, field by field."""

    odd: list[FieldKey] = []
    unsure: list[ScalarList] = []


class Evidence(Struct):
    """The fields in question, the scalars that may decide them, and the proofs about both."""

    entry_names: frozenset[str] = frozenset()
    """The repositories for which `images:` entries and a deployer's images look."""
    asked: dict[FieldKey, Asked] = {}
    candidates: dict[FieldKey, ScalarList] = {}
    """Scalars whose text may be in the field's."""
    compared: dict[FieldKey, ScalarList] = {}
    """Scalars that the field's template compares with something."""
    watched: dict[FieldKey, ScalarList] = {}
    """Those that left nothing in the text of the field."""
    proven: dict[FieldKey, tuple[Segment, ...]] = {}
    conditions: dict[FieldKey, tuple[AuthoredScalar, ...]] = {}
    cleared: dict[FieldKey, set[AuthoredScalar]] = {}
    stuck: set[AuthoredScalar] = set()
    """Scalars that a chart takes with no other value."""
    _doubtful: set[FieldKey] = set()
    """Fields with an odd text: whether they depend on a watched scalar has to be found out, even if their text is explained."""

    def found(self, name: FieldKey) -> tuple[Segment, ...]:
        """The proven segments of a field."""
        return self.proven.get(name, ())

    def unexplained(self) -> dict[FieldKey, Asked]:
        """The fields of which a part is not explained yet."""
        return {name: one for name, one in self.asked.items() if one.left(self.found(name))}

    def active(self) -> dict[FieldKey, Asked]:
        """The fields about which a further render may tell something."""
        unexplained = self.unexplained()
        return {name: one for name, one in self.asked.items() if name in unexplained or name in self._doubtful}

    def add(self, name: FieldKey, scalars: Iterable[AuthoredScalar]) -> None:
        """Have more candidates for a field."""
        self.candidates[name] = list(dict.fromkeys([*self.candidates.get(name, ()), *scalars]))

    def useful(self) -> ScalarList:
        """All scalars about which a further render may tell something."""
        unexplained = self.unexplained()
        found: dict[AuthoredScalar, None] = {}
        for name in self.active():
            known = {*(segment.scalar for segment in self.found(name)), *self.conditions.get(name, ()), *self.cleared.get(name, ())}
            maybe = (*(self.candidates[name] if name in unexplained else ()), *self.watched[name])
            found.update(dict.fromkeys(scalar for scalar in maybe if scalar not in known and scalar not in self.stuck))
        return list(found)

    def possible(self) -> set[AuthoredScalar]:
        """The scalars whose text may be in a field that is not explained yet."""
        return {scalar for name in self.unexplained() for scalar in self.candidates[name]}

    def read(self, tainted: MarkedRender, marks: Marks) -> TaintOutcome:
        """Keep the proofs of a render; returns the open questions.

        A field is explained for certain where nothing but what decides it was changed, or the rest of its manifest stayed as it was
        and no comparison can have taken another branch, to another scalar with the same text.
        """
        outcome = TaintOutcome()
        changed = {scalar for scalar, _ in marks}
        for name, one in self.active().items():
            found = self._explained(name, one, tainted, marks)
            mine = changed.intersection((*self.candidates[name], *self.watched[name]))
            deciding = {segment.scalar for segment in found or ()}
            compared = changed.intersection(self.compared[name]) if self._has_alternatives(name, mine, deciding) else set()
            unmatched = self._unmatched(one, found or (), marks)
            if found is None:
                outcome.odd.append(name)
                self._doubtful.add(name)
            elif unmatched and not deciding <= unmatched:
                outcome.unsure.append(sorted(mine - unmatched or deciding - unmatched, key=longest_first))
            elif len(changed) == 1 or changed <= deciding or not (mine or found) or not (compared or self._changed_shape(one, tainted)):
                self.keep(name, found)
                self.cleared.setdefault(name, set()).update(mine - deciding)
            else:
                outcome.unsure.append(sorted((mine - compared if compared else deciding) or deciding or mine, key=longest_first))
        return outcome

    def _unmatched(self, one: Asked, found: Iterable[Segment], marks: Marks) -> set[AuthoredScalar]:
        """The parts of a repository that were changed so that no entry found the image any more: its tag is that of nobody then."""
        image = read_reference(one.text)[0]
        if image is None or image.repository not in self.entry_names:
            return set()
        still_found = {scalar for scalar, mark in marks if any(core.text.startswith(PAIRED) for core in mark.cores)}
        return {segment.scalar for segment in found if segment.overlap(image.repository_span) > 0} - still_found

    def _has_alternatives(self, name: FieldKey, changed: set[AuthoredScalar], deciding: set[AuthoredScalar]) -> bool:
        """Whether another scalar could have decided a field with the same text, had a comparison come out otherwise."""
        texts = {scalar.text for scalar in deciding}
        others = changed.intersection(self.candidates[name]) - deciding
        return any(scalar.text in texts or not texts for scalar in others)

    @staticmethod
    def _changed_shape(one: Asked, tainted: MarkedRender) -> bool:
        return not tainted.kept_shape(one.place.manifest)

    def _explained(self, name: FieldKey, one: Asked, tainted: MarkedRender, marks: Marks) -> tuple[Segment, ...] | None:
        """A field's own scalars explain it nearly always; what else shows up in it does as well."""
        after = tainted.text(one.place)
        if after is None or after == one.text:
            return None if after is None else ()
        own = {*self.candidates[name], *self.watched[name]}
        found = segments(one.text, after, [mark for mark in marks if mark[0] in own])
        return segments(one.text, after, marks) if found is None else found

    def read_alone(self, name: FieldKey, tainted: MarkedRender, scalar: AuthoredScalar, text: str) -> bool | None:
        """Keep what a render with one changed scalar has proven of a field: True.

        None where the field changed in a way that it does not explain, False where it stayed as it was.
        """
        one = self.asked[name]
        after = tainted.text(one.place)
        if after is None:
            return None
        found = segments(one.text, after, tainted.marks)
        found = alone(one.text, after, scalar, text) if found is None else found
        self.keep(name, found or ())
        return None if found is None else bool(found)

    def keep(self, name: FieldKey, found: Iterable[Segment]) -> None:
        """Note proven segments."""
        known = {*self.found(name), *found}
        if known:
            self.proven[name] = tuple(sorted(known, key=lambda segment: (segment.start, segment.end, segment.scalar.place[0])))

    def depends(self, name: FieldKey, scalar: AuthoredScalar) -> None:
        """Note that a field depends on a scalar otherwise than by its text."""
        self.conditions[name] = tuple(dict.fromkeys([*self.conditions.get(name, ()), scalar]))
