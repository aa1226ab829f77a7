"""Chains that a chart seems to follow: every image block is marked, then the blocks that were seen are emptied, round by round.

What shows up at a place, one round after the other, is its chain. It is reported and never held against the chart. A block that
stands in the middle of one chain and at the head of another is seen in the latter only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.authorship.image_blocks import NAMING, Block, BlockField, image_blocks
from agentslint.contract.chains import ChainedWorkload, made_by
from agentslint.experiment.chart_experiments import ChartExperiments, ChartOutcome, Experiment, named_in
from agentslint.experiment.renders import Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Manifest, Pointer, RenderFailure

_DEEPEST = 4
ManifestPlace = tuple[Manifest, Pointer]
Seen = dict[tuple[int, Pointer], list[Block]]


def learnt(
    rendered: TargetFacts, renders: Renders, values: ChartValues, off: Mapping[ValueKey, bool]
) -> list[ChainedWorkload] | RenderFailure:
    """Return the workloads of a chart with their chains, or why the chart could not be asked; `off` switches its own checks off."""
    block_fields = [(block, name) for block in image_blocks(values) for name in NAMING if values.knows((*block, name))]
    if not block_fields:
        return []
    learner = Learner(ChartExperiments(rendered, renders, values, block_fields), list(made_by(rendered, values.entry)), off)
    failure = learner.learn()
    return failure or learner.subjects()


class Learner:
    """Follows the marks of one chart through its workloads."""

    def __init__(self, experiments: ChartExperiments, manifests: Sequence[Manifest], off: Mapping[ValueKey, bool]) -> None:
        self.experiments = experiments
        self.manifests = manifests
        self.off = off
        self.seen: dict[str, Seen] = {name: {} for name in NAMING}

    def learn(self) -> RenderFailure | None:
        """Ask round by round; returns a failure only where not even the first round renders."""
        first = self._ask(())
        if first.failure:
            return first.failure
        found, emptied = self._note(first), frozenset[Block]()
        for _ in range(_DEEPEST):
            candidates = found - emptied
            following = self._next(emptied, candidates) if candidates else None
            if following is None:
                break
            emptied, observation = following
            found = self._note(observation)
        return None

    def subjects(self) -> list[ChainedWorkload]:
        """Return each workload once for each chain: that of its repositories, else that of its tags, else of its digests."""
        chains: dict[tuple[int, tuple[Block, ...]], None] = {}
        for name in ("repository", "registry", "tag", "digest"):
            for (index, _), blocks in self.seen[name].items():
                known = {block for number, chain in chains if number == index for block in chain}
                if name == "repository" or known.isdisjoint(blocks):
                    chains[index, tuple(blocks)] = None
        by_index = {manifest.index: manifest for manifest in self.manifests}
        order = sorted(chains, key=lambda item: (item[0], item not in self._run()))
        return [ChainedWorkload(by_index[index], chain, self.experiments.values, learnt=True) for index, chain in order]

    def _run(self) -> set[tuple[int, tuple[Block, ...]]]:
        """The chains of containers, which come before those that are only named in variables."""
        places = self.seen["repository"].items()
        return {(index, tuple(blocks)) for (index, place), blocks in places if place[-1] == "image"}

    def _next(self, emptied: Collection[Block], candidates: Collection[Block]) -> tuple[frozenset[Block], ChartOutcome] | None:
        """Empty what was just seen; without those whose emptiness the chart refuses by name, then one half of them."""
        left = sorted(candidates)
        while left:
            observation = self._ask({*emptied, *left})
            if observation.failure is None:
                return frozenset({*emptied, *left}), observation
            kept = [block for block in left if not named_in(observation.failure, [block])]
            left = kept if len(kept) < len(left) else left[: len(left) // 2]
        return None

    def _ask(self, emptied: Collection[Block]) -> ChartOutcome:
        block_fields: list[BlockField] = list(self.experiments.block_fields)
        empty = [block_field for block_field in block_fields if block_field[0] in emptied]
        return self.experiments.observe([Experiment.of(block_fields, switches=self.off, empty=empty)])[0]

    def _note(self, observation: ChartOutcome) -> frozenset[Block]:
        """Append the block that shows at each place to its chain; returns all blocks that showed."""
        every: set[Block] = set()
        for name, places in self.seen.items():
            block_fields = [block_field for block_field in self.experiments.block_fields if block_field[1] == name]
            for manifest in self.manifests:
                for place in observation.texts(manifest):
                    blocks = self.experiments.seen(observation, manifest, place, block_fields)
                    if len(blocks) == 1:
                        chain = places.setdefault((manifest.index, place), [])
                        chain += [block for block in blocks if block not in chain]
                        every |= blocks
        return frozenset(every)
