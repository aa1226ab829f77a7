"""Tests a chart's own digest enforcement. With every digest of a chain empty the render must fail, with one left it must not.

A failure is the guard's only where the same values render with the switch off. All chains stay marked but the one that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial

from msgspec import Struct
from msgspec.structs import replace

from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.image_blocks import Block, BlockField, named
from agentslint.authorship.lines import chart_entry
from agentslint.contract.breach_finder import about
from agentslint.contract.breaches import certainty_of, image_place, owner, template_line
from agentslint.contract.chains import ChainedWorkload
from agentslint.contract.digest_switch import DigestSwitch
from agentslint.experiment.chart_experiments import ChartExperiments, ChartOutcome, Experiment
from agentslint.model import Location, Pointer, RenderFailure
from agentslint.model.chart_breaches import EnforcementBreach, EnforcementKind

DIGEST = "digest"


class Enforcement(Struct, frozen=True):
    """The proof that one chart's switch takes effect, or its flaws."""

    experiments: ChartExperiments
    subjects: Sequence[ChainedWorkload]
    digest_switch: DigestSwitch

    def flaws(self) -> tuple[list[EnforcementBreach], list[str]]:
        """Return the breaches, and the questions without an answer."""
        breaches, unproven = [], []
        strict: dict[Block, list[ValidDigestRefused]] = {}
        for flaw in DigestGuard(self.experiments, self.subjects, self.digest_switch).flaws():
            match flaw:
                case MissingDigestAccepted():
                    breaches.append(self._accepted(flaw.subject))
                case ValidDigestRefused():
                    strict.setdefault(flaw.empty, []).append(flaw)
                case Unproven():
                    unproven.append(f"cannot prove that {self.digest_switch} is enforced for {flaw.subject}: {flaw.message}")
        return [*breaches, *(self._refused(block, flaws) for block, flaws in strict.items())], unproven

    def _accepted(self, subject: ChainedWorkload) -> EnforcementBreach:
        place = self._place(subject)
        where = template_line(self.experiments.rendered, self.experiments.values.entry, subject.manifest, place)
        breach = _breach(EnforcementKind.ACCEPTED, where, self.digest_switch, self.experiments.values)
        return replace(breach, owner=owner(subject.manifest, place), empty=digests(subject), certainty=certainty_of(where))

    def _refused(self, empty: Block, flaws: Sequence[ValidDigestRefused]) -> EnforcementBreach:
        """One for each block: several workloads may fall back to it."""
        digest = named((empty, DIGEST))
        where = flaws[0].failure.location
        place = Location(where.path, where.region, "", (str(self.digest_switch), digest))
        return replace(
            _breach(EnforcementKind.REFUSED, place, self.digest_switch, self.experiments.values),
            empty=(digest,),
            pinned=tuple((named((flaw.effective, DIGEST)), flaw.subject.resource) for flaw in flaws),
            failures=tuple(dict.fromkeys(flaw.message for flaw in flaws)),
        )

    def _place(self, subject: ChainedWorkload) -> Pointer:
        """Where the image of the chain is rendered: in a container, else wherever its digest shows."""
        found = self.experiments.observe([DigestGuard(self.experiments, self.subjects, self.digest_switch).kept()])[0]
        block_fields = [(block, DIGEST) for block in subject.blocks(DIGEST)]
        places = [place for place in found.texts(subject.manifest) if self.experiments.seen(found, subject.manifest, place, block_fields)]
        return next((place for place in places if place[-1] == "image"), places[0] if places else image_place(subject))


def switch_breach(digest_switch: DigestSwitch, values: ChartValues, *, expected: bool) -> Iterator[EnforcementBreach]:
    """Yield the flaw of the switch itself; nothing if it is on and known. `expected`: the configuration asks for it."""
    if not digest_switch.known and (expected or digest_switch.on):
        where = digest_switch.location or chart_entry(values.entry, values.target.root)
        yield _breach(EnforcementKind.UNKNOWN, where, digest_switch, values)
    elif digest_switch.known and not digest_switch.on:
        written = values.holder(digest_switch.key)
        where = digest_switch.location if written and digest_switch.location else chart_entry(values.entry, values.target.root)
        yield _breach(EnforcementKind.OFF, where, digest_switch, values)


def _breach(kind: EnforcementKind, where: Location, digest_switch: DigestSwitch, values: ChartValues) -> EnforcementBreach:
    return EnforcementBreach(kind, where, values.entry.name, str(digest_switch), digest_switch.location)


class MissingDigestAccepted(Struct, frozen=True):
    """An image that runs without a digest although the switch is on."""

    subject: ChainedWorkload


class ValidDigestRefused(Struct, frozen=True):
    """A digest that the guard demands although another one is effective."""

    subject: ChainedWorkload
    empty: Block
    effective: Block
    failure: RenderFailure
    message: str


class Unproven(Struct, frozen=True):
    """A chain that cannot be asked about, and why."""

    subject: ChainedWorkload
    message: str


Flaw = MissingDigestAccepted | ValidDigestRefused | Unproven


class DigestGuard(Struct, dict=True):
    """Asks one chart about its switch."""

    experiments: ChartExperiments
    subjects: Sequence[ChainedWorkload]
    digest_switch: DigestSwitch

    def flaws(self) -> Iterator[Flaw]:
        """Yield the flaws of the enforcement; nothing if it is proven."""
        chains = self._chains
        if not chains:
            return
        self.experiments.observe([self._without(chains, on=False), *self._single_experiments, *(self._without([one]) for one in chains)])
        yield from self._overzealous()
        refused = self._refused
        if refused:
            yield from (Unproven(subject, f"the render fails even with every digest set: {refused.message}") for subject in chains)
            return
        rendering = self.experiments.ask(chains, partial(self._without, on=False))
        for subject in chains:
            if failure := rendering[subject].failure:
                yield Unproven(subject, about(subject, failure.message))
            elif self._observe(self._without([subject])).failure is None:
                yield MissingDigestAccepted(subject)

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
    def _chains(self) -> list[ChainedWorkload]:
        """One workload for each set of blocks: a shared set is asked about once."""
        having = [subject for subject in self.subjects if subject.blocks(DIGEST)]
        return list({frozenset(subject.blocks(DIGEST)): subject for subject in reversed(having)}.values())[::-1]

    def _overzealous(self) -> Iterator[ValidDigestRefused]:
        for depth in range(self._deepest):
            found = self.experiments.ask(self._chains, partial(self._single, depth=depth))
            for subject, observation in found.items():
                blocks = subject.blocks(DIGEST)
                failure = observation.failure
                if failure and depth < len(blocks) > 1 and self._is_guard(observation):
                    effective = next(block for block in blocks if block != blocks[depth])
                    yield ValidDigestRefused(subject, blocks[depth], effective, failure, about(subject, failure.message))

    def _is_guard(self, found: ChartOutcome) -> bool:
        """Whether the same values render with the switch off, so that the switch made the render fail."""
        states = found.experiment.states
        off = self._observe(Experiment(states, switches={self.digest_switch.key: False}))
        return off.failure is None and self._observe(self.kept()).failure is None

    @property
    def _deepest(self) -> int:
        return max((len(subject.blocks(DIGEST)) for subject in self._chains), default=0)

    @property
    def _single_experiments(self) -> list[Experiment]:
        return [self._single(self._chains, depth) for depth in range(self._deepest)]

    def _single(self, chosen: Sequence[ChainedWorkload], depth: int) -> Experiment:
        """In each chain one block's digest is empty, as long as no chain is left without any."""
        empty: list[BlockField] = []
        for subject in chosen:
            blocks = subject.blocks(DIGEST)
            block_field = (blocks[depth], DIGEST) if depth < len(blocks) > 1 else None
            if block_field and all(self._left(other, [*empty, block_field]) for other in self._chains):
                empty.append(block_field)
        return self._experiment(empty)

    @staticmethod
    def _left(subject: ChainedWorkload, empty: Sequence[BlockField]) -> bool:
        return any((block, DIGEST) not in empty for block in subject.blocks(DIGEST))

    def _without(self, chosen: Sequence[ChainedWorkload], *, on: bool = True) -> Experiment:
        return self._experiment([(block, DIGEST) for subject in chosen for block in subject.blocks(DIGEST)], on=on)

    def _experiment(self, empty: Sequence[BlockField], *, on: bool = True) -> Experiment:
        return Experiment.of(self.experiments.block_fields, switches={self.digest_switch.key: on}, empty=empty)

    def _observe(self, experiment: Experiment) -> ChartOutcome:
        return self.experiments.observe([experiment])[0]


def digests(subject: ChainedWorkload) -> tuple[str, ...]:
    """Name the digests of a chain: `controlPlane.image.digest`, `image.digest`."""
    return tuple(named((block, DIGEST)) for block in subject.blocks(DIGEST))
