"""The taint render: which authored scalar decides a rendered field, proven by changing it.

Every scalar whose text occurs in a field of interest gets a sentinel in a staged copy, which is rendered once; what comes out at the
field names its scalars. Where that does not explain a field (a template branches on the value, a schema refuses it, kustomize
matches on the word), fewer scalars are changed at a time, down to one, and that one by as little as can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct, field

from agentslint.authorship.authored_scalar import AuthoredScalar, apart
from agentslint.authorship.values_schema import Schemas
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.marks import variations, whole
from agentslint.images.reference import Span
from agentslint.model import Field
from agentslint.model.manifest import text_of
from agentslint.trace.asked import Asked, FieldKey, asked, key
from agentslint.trace.candidates import Candidates
from agentslint.trace.evidence import Evidence, ScalarList, TaintOutcome

__all__ = ["FieldKey", "Taint", "key", "text_of"]

_MORE_ROUNDS = 3
"""Unexplained fields are searched for ever shorter texts."""
_FEW = 4
"""So many scalars are rather tried one by one than by halves."""
_VARIATIONS = 2


class Taint(Struct, dict=True):
    """Traces fields of one target by the renders that `changing` makes; what they prove is in `evidence`."""

    changing: MarkedRenders
    evidence: Evidence = field(default_factory=Evidence)
    _tried: set[frozenset[AuthoredScalar]] = set()

    def trace(self, places: Iterable[Field]) -> None:
        """Find the segments of each field whose scalars can be proven: likely ones first, then every word."""
        known = self.evidence
        known.asked = {name: one for name, one in asked(places).items() if one.left(known.found(name))}
        found = {name: self._finder.scalars(one) for name, one in known.asked.items()}
        for name, one in known.asked.items():
            likely = [scalar for scalar in found[name] if self._finder.is_likely(scalar, one)]
            known.candidates[name] = likely
            known.compared[name] = self._compared(self._template(one))
            known.watched[name] = [scalar for scalar in known.compared[name] if scalar not in found[name]]
            known.add(name, self._literals(one, one.without(likely)))
        self._explore(known.useful())
        for _ in range(_MORE_ROUNDS):
            for name, one in known.unexplained().items():
                left = [span for span in one.left(known.found(name)) if span in one.without(known.stuck)]
                known.add(name, [*found[name], *self._finder.cut(one), *self._literals(one, left)])
            self._explore(known.useful())

    def _explore(self, group: ScalarList) -> None:
        """Change a group of scalars in one render; retry fields that it does not explain with fewer."""
        useful = set(self.evidence.useful())
        group = apart(scalar for scalar in group if scalar in useful and self.changing.mark(scalar))
        if not group or self.changing.spent or frozenset(group) in self._tried:
            return
        self._tried.add(frozenset(group))
        marks = [(scalar, mark) for scalar in group if (mark := self.changing.mark(scalar))]
        tainted = self.changing.tainted(marks)
        if tainted is None:
            self._after_refusal(group)
        else:
            self._after_render(group, self.evidence.read(tainted, marks))

    def _after_refusal(self, group: ScalarList) -> None:
        """Leave out scalars that are only watched first; then those that a schema or the message names; else halves."""
        possible = self.evidence.possible()
        if len(own := [scalar for scalar in group if scalar in possible]) < len(group):
            self._explore(own)
            return
        refused = [scalar for scalar in group if (mark := self.changing.mark(scalar)) and not self._schemas.takes(scalar, mark.text)]
        refused = refused or (group if len(group) == 1 else [])
        quoted = [scalar for scalar in group if (mark := self.changing.mark(scalar)) and mark.is_in(self.changing.refusal)]
        rest = [scalar for scalar in group if scalar not in (refused or quoted)]
        for smaller in [rest] if refused else [rest, quoted] if rest and quoted else _halves(group):
            self._explore(smaller)
        for scalar in refused:
            self._vary(scalar, [name for name in self.evidence.unexplained() if scalar in self.evidence.candidates[name]], refused=True)

    def _after_render(self, group: ScalarList, outcome: TaintOutcome) -> None:
        """Confirm what is not certain with nothing else changed; try the odd fields' own scalars apart from what is only compared."""
        for each in _to_confirm(group, outcome.unsure):
            self._explore(each)
        if len(group) == 1:
            self._vary(group[0], outcome.odd, refused=False)
            return
        for each in self._smaller(group, outcome.odd) if outcome.odd else ():
            self._explore(each)

    def _smaller(self, group: ScalarList, odd: list[FieldKey]) -> list[ScalarList]:
        """The odd fields' own scalars and those that are only compared; then those of each field; then ever fewer."""
        known = self.evidence
        own = [[scalar for scalar in group if scalar in known.candidates[name]] for name in odd]
        together = [scalar for scalar in group if any(scalar in each for each in own)]
        watched = [scalar for scalar in group if any(scalar in known.watched[name] for name in odd)]
        for choice in ([together, watched], own):
            if smaller := [each for each in choice if 0 < len(each) < len(group)]:
                return smaller
        return [[scalar] for scalar in group] if len(group) <= _FEW else _halves(group)

    def _vary(self, scalar: AuthoredScalar, names: Sequence[FieldKey], *, refused: bool) -> None:
        """Change one scalar by little, for templates and schemas that look closely at it.

        A field that comes out odd even so depends on the scalar otherwise than by its text.
        """
        left = [name for name in names if scalar in self.evidence.candidates[name]]
        odd = set() if refused else set(names)
        for text in self._variations(scalar):
            tainted = self.changing.tainted([(scalar, whole(scalar.text, text))]) if left else None
            if tainted is None:
                break
            refused = False
            outcomes = {name: self.evidence.read_alone(name, tainted, scalar, text) for name in left}
            odd = (odd | {name for name, shown in outcomes.items() if shown is None}) - {name for name, shown in outcomes.items() if shown}
            left = [name for name, shown in outcomes.items() if shown is False]
        if refused:
            self.evidence.stuck.add(scalar)
        for name in names:
            if name in odd:
                self.evidence.depends(name, scalar)

    def _variations(self, scalar: AuthoredScalar) -> list[str]:
        """Other words that a schema lists; else texts that differ by little, and that no schema refuses."""
        texts = [text for text in variations(scalar.text) if self._schemas.takes(scalar, text)]
        return (self._schemas.choices(scalar) or texts)[:_VARIATIONS]

    def _compared(self, template: str) -> ScalarList:
        """The values that a template compares, as far as the chart takes another one."""
        scalars = self._finder.compared(template)
        return [scalar for scalar in scalars if (mark := self.changing.mark(scalar)) and self._schemas.takes(scalar, mark.text)]

    def _literals(self, one: Asked, left: list[Span]) -> ScalarList:
        return self._finder.literals(one, left, self._template(one), self.evidence.candidates[key(one.place)]) if left else []

    def _template(self, one: Asked) -> str:
        """The template that made a field's manifest; empty where none did."""
        return self.changing.rendered.template_of(one.place.manifest)

    @cached_property
    def _finder(self) -> Candidates:
        return Candidates(self.changing.changeable)

    @cached_property
    def _schemas(self) -> Schemas:
        return Schemas(self.changing.changeable)


def _to_confirm(group: ScalarList, unsure: list[ScalarList]) -> list[ScalarList]:
    """Change uncertain explanations of fields without the rest: all of them together, then field by field, then fewer."""
    together = list(dict.fromkeys(scalar for each in unsure for scalar in each))
    if len(together) < len(group):
        return [together] if together else []
    return [each for each in unsure if len(each) < len(group)] or _halves(group)


def _halves(group: ScalarList) -> list[ScalarList]:
    return [group[: len(group) // 2], group[len(group) // 2 :]]
