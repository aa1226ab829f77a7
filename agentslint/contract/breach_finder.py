"""Finds breaches of one chained workload's contract: places that show another block than the expected one.

Also describes the behaviour of a chart if the head of a chain is absent or null, which is no breach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from agentslint.authorship.image_blocks import Block, named
from agentslint.contract.chains import ChainedWorkload
from agentslint.contract.expected import emptied, expected
from agentslint.contract.owners import block_fields_named
from agentslint.contract.verdicts import HeadOutcome
from agentslint.experiment.chart_experiments import ChartExperiments, ChartOutcome, FieldState, names
from agentslint.experiment.chart_marks import is_policy
from agentslint.model import Pointer
from agentslint.model.chart_breaches import BreachKind, FieldBreach

_CORE = ("image", "imagePullPolicy", "imagePullSecrets")
"""Fields that must be rendered if they follow a chain; a variable may be left out."""


class BreachFinder(Struct):
    """Finds the breaches in the observations of one chained workload."""

    experiments: ChartExperiments
    subject: ChainedWorkload

    def breaches(self, name: str, places: Sequence[Pointer], found: Sequence[ChartOutcome]) -> Iterator[FieldBreach]:
        """Yield the first breach at each place."""
        for place in places:
            breach = next(filter(None, (self._breach(name, place, each) for each in found)), None)
            if breach:
                yield breach

    def refusal(self, name: str, found: ChartOutcome) -> FieldBreach | None:
        """A render that fails although the field has a fallback; None where the field was not emptied in it."""
        empty = list(emptied(self.subject, name, found.experiment))
        wanted = expected(self.subject, name, found.experiment).block
        if not empty or wanted is None or found.failure is None:
            return None
        expects, failure = (named((wanted, name)),), found.failure
        return FieldBreach(BreachKind.REFUSED, (), expects, "", named((empty[0], name)), failure.message, failure.location)

    def _breach(self, name: str, place: Pointer, found: ChartOutcome) -> FieldBreach | None:
        wanted = expected(self.subject, name, found.experiment)
        if wanted.block is None or (place not in found.texts(self.subject.manifest) and place[-1] not in _CORE):
            return None
        seen = self.experiments.seen(found, self.subject.manifest, place, block_fields_named([self.subject], name))
        if seen == {wanted.block} or (wanted.unknown and not seen):
            return None
        kind, block = self._kind(name, wanted.block, place, found, seen)
        empty = [named((each, name)) for each in emptied(self.subject, name, found.experiment)]
        decides = named((block, name)) if block else ""
        return FieldBreach(kind, place, (named((wanted.block, name)),), decides, empty[-1] if empty else "")

    def _kind(
        self, name: str, wanted: Block, place: Pointer, found: ChartOutcome, seen: frozenset[Block]
    ) -> tuple[BreachKind, Block | None]:
        """How the wanted block fails to decide, and the block that does."""
        others = [block for block in self.subject.blocks(name) if block in seen and block != wanted]
        if others:
            return (BreachKind.JOINED if wanted in seen else BreachKind.OVERTAKEN), others[0]
        foreign = self._foreign(name, place, found)
        if foreign:
            return BreachKind.FOREIGN, foreign
        falls_back = any(emptied(self.subject, name, found.experiment))
        return (BreachKind.NO_FALLBACK if falls_back else BreachKind.NOT_RENDERED), None

    def _foreign(self, name: str, place: Pointer, found: ChartOutcome) -> Block | None:
        if is_policy(name):
            return None
        block_fields = [block_field for block_field in self.experiments.block_fields if block_field[1] == name]
        seen = self.experiments.seen(found, self.subject.manifest, place, block_fields)
        return next((block for block in sorted(seen) if block not in self.subject.chain), None)


def head_outcome(
    experiments: ChartExperiments, subject: ChainedWorkload, name: str, places: Sequence[Pointer], found: ChartOutcome
) -> HeadOutcome:
    """Return what decides a field at its first place; `other` is a breach."""
    if found.experiment.states[subject.blocks(name)[0], name] is FieldState.SET or not places:
        return HeadOutcome()
    if found.failure:
        return HeadOutcome("fails", about(subject, found.failure.message))
    wanted = expected(subject, name, found.experiment)
    text = found.texts(subject.manifest).get(places[0], "")
    blocks = experiments.seen(found, subject.manifest, places[0], block_fields_named([subject], name))
    if wanted.default is not None:
        return HeadOutcome("default", wanted.default) if wanted.default.rpartition("/")[2] in text else _shown(blocks)
    if wanted.block is not None and wanted.block in blocks:
        return HeadOutcome("next", block=wanted.block)
    if wanted.unknown:
        return HeadOutcome("default", "its own") if text and not blocks else HeadOutcome("without")
    return HeadOutcome("without") if wanted.block is None else HeadOutcome("other")


def about(subject: ChainedWorkload, message: str) -> str:
    """Of a message that lists several complaints those that name the subject's blocks."""
    parts = re.split(r"; |(?<=\.) (?=[A-Za-z][.\w]*=)", message)
    named = [part for part in parts if names(part, subject.chain)]
    return "; ".join(named or parts)


def _shown(blocks: frozenset[tuple[str, ...]]) -> HeadOutcome:
    """The chart's default should have decided, and a block did: a stricter chart, and no breach."""
    return HeadOutcome("next", block=next(iter(blocks))) if blocks else HeadOutcome("without")
