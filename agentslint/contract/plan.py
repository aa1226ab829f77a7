"""The verification plan: few experiments that together show, field by field, whether a chart keeps its contracts.

Each field is emptied once in front of every fallback while its neighbours are not, in halves, so that blocks which are taken whole
are found out; then the head of each chain is taken away, written as null, and at last every block is emptied. The chart's own digest
check is switched off all the while.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from agentslint.authorship.chart_values import ValueKey
from agentslint.authorship.image_blocks import FIELDS, BlockField
from agentslint.contract.chains import ChainedWorkload
from agentslint.experiment.chart_experiments import Experiment

HEADS = ("absent", "null")


class PlanStep(Struct, frozen=True):
    """Empties so many blocks in front of the fallback, of one half of the fields."""

    depth: int
    half: int


class Plan(Struct, frozen=True):
    """Designs the experiments about the subjects of one chart."""

    subjects: Sequence[ChainedWorkload]
    block_fields: Sequence[BlockField]
    off: Mapping[ValueKey, bool]

    @property
    def steps(self) -> Iterator[PlanStep]:
        """As many as the longest chain needs; with chains of one block only, all is set twice, for the pull policies."""
        deepest = max((len(subject.blocks(name)) for subject in self.subjects for name in subject.fields), default=1)
        return (PlanStep(depth, half) for depth in range(1, max(deepest, 2)) for half in (0, 1))

    def all_set(self) -> Experiment:
        """Every block is set."""
        return self._experiment()

    def step(self, chosen: Sequence[ChainedWorkload], step: PlanStep, *, only: str = "", without_digests: bool = False) -> Experiment:
        """Empty the blocks in front, for some subjects; of `only` one field, if need be; `without_digests` altogether."""
        empty = [block_field for block_field in self.block_fields if without_digests and block_field[1] == "digest"]
        for subject in chosen:
            for name in self.emptied(subject, step):
                if only in ("", name):
                    empty += [(block, name) for block in subject.blocks(name)[: step.depth]]
        return self._experiment(turn=2 * step.depth + step.half, empty=empty)

    def emptied(self, subject: ChainedWorkload, step: PlanStep) -> list[str]:
        """Return the fields that a step empties for a subject: those that have a fallback."""
        return [name for name in subject.fields if _half(name) == step.half and step.depth < len(subject.blocks(name))]

    def heads(self, chosen: Sequence[ChainedWorkload], state: str) -> Experiment:
        """Make the first block absent or null. Of a chain of one block a null is no other question than that which empties it."""
        least = 2 if state == "null" else 1
        heads = [(subject.blocks(name)[0], name) for subject in chosen for name in subject.fields if len(subject.blocks(name)) >= least]
        return self._experiment(turn=1, **{state: heads})

    def all_empty(self, chosen: Sequence[ChainedWorkload], only: str = "") -> Experiment:
        """Empty every block, of `only` one field if need be."""
        return self._experiment(
            empty=[block_field for subject in chosen for block_field in subject.block_fields if only in ("", block_field[1])]
        )

    def _experiment(self, *, turn: int = 0, **others: Sequence[BlockField]) -> Experiment:
        return Experiment.of(self.block_fields, turn=turn, switches=self.off, **others)


def _half(name: str) -> int:
    """Repository, digest and secrets are one half, registry, tag and policy the other."""
    return (FIELDS.index(name) + 1) % 2 if name in FIELDS else len(name) % 2
