"""Does the chart's own digest enforcement bite? With every digest of a chain empty the render must fail, with one left it must not.

A failure is the guard's only where the same values render with the switch off. All chains stay marked but the one that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from agentslint.contract.experiment import Experiment
from agentslint.contract.laboratory import Laboratory, Observation
from agentslint.contract.outcomes import about
from agentslint.contract.subject import Block, Slot, Subject, named
from agentslint.contract.switch import Switch
from agentslint.model import RenderFailure

DIGEST = "digest"


@dataclass(frozen=True)
class Slipped:
    """An image that runs without a digest although the switch is on."""

    subject: Subject


@dataclass(frozen=True)
class Overzealous:
    """A digest that the guard demands although another one is effective."""

    subject: Subject
    empty: Block
    effective: Block
    failure: RenderFailure
    message: str


@dataclass(frozen=True)
class Unproven:
    """A chain that cannot be asked about, and why."""

    subject: Subject
    message: str


Flaw = Slipped | Overzealous | Unproven


@dataclass
class Guard:
    """Asks one chart about its switch."""

    laboratory: Laboratory
    subjects: Sequence[Subject]
    switch: Switch

    def flaws(self) -> Iterator[Flaw]:
        """Yield what is wrong with the enforcement; nothing where it is proven."""
        chains = self._chains
        if not chains:
            return
        self.laboratory.observe([self._without(chains, on=False), *self._single_experiments, *(self._without([one]) for one in chains)])
        yield from self._overzealous()
        refused = self._refused
        if refused:
            yield from (Unproven(subject, f"it fails with every digest set, too: {refused.message}") for subject in chains)
            return
        rendering = self.laboratory.ask(chains, partial(self._without, on=False))
        for subject in chains:
            if failure := rendering[subject].failure:
                yield Unproven(subject, about(subject, failure.message))
            elif self._observe(self._without([subject])).failure is None:
                yield Slipped(subject)

    def kept(self) -> Experiment:
        """Every block with a digest, and the switch as it should be."""
        return self._experiment([])

    @property
    def _refused(self) -> RenderFailure | None:
        """Why the chart does not render with the switch on although every chain has a digest: then no failure proves anything."""
        if any(self._observe(experiment).failure is None for experiment in self._single_experiments):
            return None
        return self._observe(self.kept()).failure

    @cached_property
    def _chains(self) -> list[Subject]:
        """One subject for each set of blocks: what several workloads share is asked once."""
        having = [subject for subject in self.subjects if subject.blocks(DIGEST)]
        return list({frozenset(subject.blocks(DIGEST)): subject for subject in reversed(having)}.values())[::-1]

    def _overzealous(self) -> Iterator[Overzealous]:
        for depth in range(self._deepest):
            found = self.laboratory.ask(self._chains, partial(self._single, depth=depth))
            for subject, observation in found.items():
                blocks = subject.blocks(DIGEST)
                failure = observation.failure
                if failure and depth < len(blocks) > 1 and self._is_guard(observation):
                    effective = next(block for block in blocks if block != blocks[depth])
                    yield Overzealous(subject, blocks[depth], effective, failure, about(subject, failure.message))

    def _is_guard(self, found: Observation) -> bool:
        """Whether the same values render with the switch off, and are what made the render fail with it on."""
        states = found.experiment.states
        off = self._observe(Experiment(states, switches={self.switch.key: False}))
        return off.failure is None and self._observe(self.kept()).failure is None

    @property
    def _deepest(self) -> int:
        return max((len(subject.blocks(DIGEST)) for subject in self._chains), default=0)

    @property
    def _single_experiments(self) -> list[Experiment]:
        return [self._single(self._chains, depth) for depth in range(self._deepest)]

    def _single(self, chosen: Sequence[Subject], depth: int) -> Experiment:
        """In each chain one block's digest is empty, as long as no chain is left without any."""
        empty: list[Slot] = []
        for subject in chosen:
            blocks = subject.blocks(DIGEST)
            slot = (blocks[depth], DIGEST) if depth < len(blocks) > 1 else None
            if slot and all(self._left(other, [*empty, slot]) for other in self._chains):
                empty.append(slot)
        return self._experiment(empty)

    @staticmethod
    def _left(subject: Subject, empty: Sequence[Slot]) -> bool:
        return any((block, DIGEST) not in empty for block in subject.blocks(DIGEST))

    def _without(self, chosen: Sequence[Subject], *, on: bool = True) -> Experiment:
        return self._experiment([(block, DIGEST) for subject in chosen for block in subject.blocks(DIGEST)], on=on)

    def _experiment(self, empty: Sequence[Slot], *, on: bool = True) -> Experiment:
        return Experiment.of(self.laboratory.slots, switches={self.switch.key: on}, empty=empty)

    def _observe(self, experiment: Experiment) -> Observation:
        return self.laboratory.observe([experiment])[0]


def digests(subject: Subject) -> str:
    """Name the digests of a chain: `controlPlane.image.digest and image.digest`."""
    return " and ".join(named((block, DIGEST)) for block in subject.blocks(DIGEST))
