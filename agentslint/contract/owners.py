"""Assigns the texts of a manifest to the chains that make them.

A text belongs to the chain whose own block it shows in any experiment; one that only ever shows a block which several chains share
belongs to the one that ends there, else to the first. Pull policies are few words: the container's image tells whose they are,
elsewhere the way in which they change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from agentslint.authorship.image_blocks import NAMING, Block, BlockField
from agentslint.contract.chains import ChainedWorkload
from agentslint.contract.expected import expected
from agentslint.experiment.chart_experiments import ChartExperiments, ChartOutcome
from agentslint.experiment.chart_marks import POLICIES, is_policy
from agentslint.facts.named_places import container_of
from agentslint.model import Manifest, Pointer

OwnersByFile = dict[str, dict[Pointer, ChainedWorkload]]
"""Field -> place -> the subject that it belongs to."""


class Owners(Struct):
    """Finds the places of the subjects of one manifest, in the observations that were made."""

    experiments: ChartExperiments
    subjects: Sequence[ChainedWorkload]
    observations: Sequence[ChartOutcome]

    @property
    def manifest(self) -> Manifest:
        """The manifest of all of them."""
        return self.subjects[0].manifest

    def find(self) -> OwnersByFile:
        """Return the places of every field."""
        names = dict.fromkeys(name for subject in self.subjects for name in subject.fields)
        places: OwnersByFile = {name: dict(self._marked(name)) for name in names if not is_policy(name)}
        containers = {
            container_of(place): subject
            for name in NAMING
            for place, subject in places.get(name, {}).items()
            if place[-1] == "image" and container_of(place) == place[:-1]
        }
        for name in names:
            if is_policy(name):
                places[name] = dict(self._policies(name, containers))
        return places

    def _all_places(self) -> Iterator[Pointer]:
        yield from dict.fromkeys(place for found in self.observations for place in found.texts(self.manifest))

    def _marked(self, name: str) -> Iterator[tuple[Pointer, ChainedWorkload]]:
        block_fields = [block_field for block_field in self.experiments.block_fields if block_field[1] == name]
        for place in self._all_places():
            blocks = {block for found in self.observations for block in self.experiments.seen(found, self.manifest, place, block_fields)}
            owner = self._owner(name, blocks)
            if owner:
                yield place, owner

    def _owner(self, name: str, blocks: set[Block]) -> ChainedWorkload | None:
        candidates = [subject for subject in self.subjects if not blocks.isdisjoint(subject.blocks(name))]
        own = [subject for subject in candidates if any(self._is_own(subject, block, name) for block in blocks)]
        ending = [subject for subject in candidates if set(subject.blocks(name)) == blocks]
        return next(iter(own or ending or candidates), None)

    def _is_own(self, subject: ChainedWorkload, block: Block, name: str) -> bool:
        return block in subject.blocks(name) and not any(block in other.blocks(name) for other in self.subjects if other is not subject)

    def _policies(self, name: str, containers: dict[Pointer, ChainedWorkload]) -> Iterator[tuple[Pointer, ChainedWorkload]]:
        for place in self._all_places():
            in_container = place[-1] == "imagePullPolicy"
            owner = containers.get(place[:-1]) if in_container else self._follower(name, place)
            if owner and owner.blocks(name):
                yield place, owner

    def _follower(self, name: str, place: Pointer) -> ChainedWorkload | None:
        """The subject that a word follows in every experiment; else the one whose last block it follows alone."""
        words = [found.texts(self.manifest).get(place, "") for found in self.observations]
        if not set(words) <= set(POLICIES) or len(set(words)) < 2:
            return None
        seen = [self._block_seen(found, place, name) for found in self.observations]
        for subject in self.subjects:
            kept = [expected(subject, name, found.experiment).block for found in self.observations]
            if subject.blocks(name) and all(block in blocks for block, blocks in zip(kept, seen, strict=True)):
                return subject
        return next((subject for subject in self.subjects if self._only_last(subject.blocks(name), seen)), None)

    @staticmethod
    def _only_last(chain: tuple[Block, ...], seen: Sequence[frozenset[Block]]) -> bool:
        return len(chain) > 1 and all(chain[-1] in blocks for blocks in seen)

    def _block_seen(self, found: ChartOutcome, place: Pointer, name: str) -> frozenset[Block]:
        return self.experiments.seen(found, self.manifest, place, block_fields_named(self.subjects, name))


def block_fields_named(subjects: Sequence[ChainedWorkload], name: str) -> list[BlockField]:
    """Return the block fields of one field, each once."""
    return list(dict.fromkeys((block, name) for subject in subjects for block in subject.blocks(name)))
