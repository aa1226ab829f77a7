"""Experiments on one chart: its output if some fields hold their marks, and others are empty, absent or null.

One render serves several workloads as long as it succeeds; where it fails, smaller groups are asked until it is known who is to blame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Protocol, TypeVar

from msgspec import Struct

from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.authorship.image_blocks import Block, BlockField, dotted_key
from agentslint.authorship.lines import chart_entry
from agentslint.experiment.chart_marks import ChartMarks
from agentslint.experiment.renders import Allowance, Renders
from agentslint.experiment.value_changes import ValueChange, absent, changed_files, null, put
from agentslint.facts.counterparts import Counterparts
from agentslint.facts.named_places import texts
from agentslint.facts.stream import read_manifests
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Manifest, Pointer, RenderFailure, Rendering

MOST = 60
"""Questions about one chart, so that a chart which refuses everything does not take forever."""


class FieldState(Enum):
    """The state of one field in an experiment."""

    SET = "set"
    EMPTY = "empty"
    ABSENT = "absent"
    NULL = "null"


class Experiment(Struct, frozen=True):
    """The state of every block field, and of the chart's own switch that enforces digests (None: as it is)."""

    states: Mapping[BlockField, FieldState]
    turn: int = 0
    switches: Mapping[ValueKey, bool] = {}

    @classmethod
    def of(
        cls, block_fields: Iterable[BlockField], *, turn: int = 0, switches: Mapping[ValueKey, bool], **others: Iterable[BlockField]
    ) -> Experiment:
        """Set all fields but the `empty`, `absent` or `null` ones."""
        states = dict.fromkeys(block_fields, FieldState.SET)
        for name, chosen in others.items():
            states.update(dict.fromkeys(chosen, FieldState(name)))
        return cls(states, turn, switches)

    def changes(self, marks: ChartMarks) -> Iterator[ValueChange]:
        """Yield what to change in the values."""
        for (block, name), state in self.states.items():
            key = (*block, name)
            match state:
                case FieldState.SET:
                    yield put(key, marks.value((block, name), self.turn))
                case FieldState.EMPTY:
                    yield put(key, marks.empty((block, name)))
                case FieldState.ABSENT:
                    yield absent(key)
                case FieldState.NULL:
                    yield null(key)
        yield from (put(key, on) for key, on in self.switches.items())


class Chained(Protocol):
    """The subject of experiments: something that follows a chain of blocks."""

    @property
    def chain(self) -> tuple[Block, ...]:
        """The blocks, the winner first."""


Follower = TypeVar("Follower", bound=Chained)
Design = Callable[[Sequence[Follower]], Experiment]


class ChartOutcome(Struct, dict=True):
    """The rendered manifests, or the failure."""

    experiment: Experiment
    failure: RenderFailure | None = None
    manifests: tuple[Manifest, ...] = ()
    plain: Sequence[Manifest] = ()
    _texts: dict[int, dict[Pointer, str]] = {}

    def texts(self, plain: Manifest) -> Mapping[Pointer, str]:
        """Return the texts of the manifest that is `plain` in the plain render; none where it is not rendered now."""
        if plain.index not in self._texts:
            manifest = self._same(plain)
            self._texts[plain.index] = texts(manifest) if manifest else {}
        return self._texts[plain.index]

    def _same(self, plain: Manifest) -> Manifest | None:
        """The manifest of the same name; else the only new one of its kind, whose name may hold a tag or a hash."""
        new = self._counterparts.new_like(plain)
        return self._counterparts.of(plain) or (new[0] if len(new) == 1 else None)

    @cached_property
    def _counterparts(self) -> Counterparts:
        return Counterparts(self.plain, self.manifests)


class ChartExperiments:
    """One chart of a target, with the marks of its block fields."""

    def __init__(
        self,
        rendered: TargetFacts,
        renders: Renders,
        values: ChartValues,
        block_fields: Sequence[BlockField],
        together: Iterable[Collection[BlockField]] = (),
    ) -> None:
        self.rendered = rendered
        self._allowance = Allowance(renders, MOST)
        self.values = values
        self.block_fields = block_fields
        self.marks = ChartMarks(values, block_fields, together)

    def observe(self, experiments: Sequence[Experiment]) -> list[ChartOutcome]:
        """Ask several experiments side by side."""
        questions = [changed_files(self.values, experiment.changes(self.marks)) for experiment in experiments]
        outcomes = self._allowance.ask_all(questions)
        return [self._observation(experiment, outcome) for experiment, outcome in zip(experiments, outcomes, strict=True)]

    def ask(self, subjects: Sequence[Follower], design: Design[Follower], *, by_name: bool = False) -> dict[Follower, ChartOutcome]:
        """Ask one experiment for all subjects, and for fewer of them where it fails.

        With `by_name` a failure whose message names a subject's blocks is taken for that subject's.
        """
        if not subjects:
            return {}
        if self._allowance.is_spent:
            return dict.fromkeys(subjects, ChartOutcome(design(subjects), self._gave_up()))
        found = self.observe([design(subjects)])[0]
        if found.failure is None or len(subjects) == 1:
            return dict.fromkeys(subjects, found)
        blamed = [subject for subject in subjects if by_name and named_in(found.failure, subject.chain)]
        rest = [subject for subject in subjects if subject not in blamed]
        if blamed:
            return {**dict.fromkeys(blamed, found), **self.ask(rest, design, by_name=by_name)}
        middle = len(rest) // 2
        return {**self.ask(rest[:middle], design, by_name=by_name), **self.ask(rest[middle:], design, by_name=by_name)}

    def seen(self, found: ChartOutcome, manifest: Manifest, place: Pointer, among: Iterable[BlockField]) -> frozenset[Block]:
        """Return the blocks whose marks stand at a place."""
        text = found.texts(manifest).get(place, "")
        return frozenset(block for block, _ in self.marks.seen(text, among, found.experiment.turn))

    def _observation(self, experiment: Experiment, outcome: Rendering | RenderFailure | None) -> ChartOutcome:
        if not isinstance(outcome, Rendering):
            return ChartOutcome(experiment, outcome or self._gave_up())
        manifests = read_manifests(outcome, lambda kind: kind != "CustomResourceDefinition").manifests
        return ChartOutcome(experiment, None, manifests, self.rendered.manifests)

    def _gave_up(self) -> RenderFailure:
        where = chart_entry(self.values.entry, self.rendered.target.root)
        message = f"chart {self.values.entry.name} needs more extra renders than are allowed"
        return RenderFailure(self.rendered.target, "probe", message, where)


def named_in(failure: RenderFailure, chain: Iterable[Block]) -> bool:
    """Tell whether a failure names one of these blocks."""
    return names(f"{failure.message}\n{failure.details}", chain)


def names(text: str, chain: Iterable[Block]) -> bool:
    """Tell whether a text names one of these blocks, as a chart's own message or a schema does."""
    return any(re.search(_spelling(block), text) for block in chain)


def _spelling(block: Block) -> str:
    word = re.escape(dotted_key(block))
    if len(block) == 1:
        return rf"(?<![\w./]){word}\.\w|'/{word}/"
    return rf"(?<![\w.]){word}(?!\w)|'/{re.escape('/'.join(block))}/"
