"""What a contract is about: one workload, and the blocks of values that decide its image, the winner first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from agentslint.model import Manifest
from agentslint.probe import ChartValues, Key

Block = Key
"""The way to an image block in the values: `controlPlane.image`."""
Slot = tuple[Block, str]
"""One field of one block: `controlPlane.image` and `tag`."""

SECRETS = "pullSecrets"
FIELDS = ("registry", "repository", "tag", "digest", "pullPolicy", SECRETS)
"""What image blocks hold by convention (`helm create`, and most public charts)."""
NAMING = ("registry", "repository", "tag", "digest")
"""Those of them that say which image runs."""


@dataclass(frozen=True)
class Subject:
    """A workload and the chain that its image is promised to follow (`learnt`: seems to follow)."""

    manifest: Manifest
    chain: tuple[Block, ...]
    values: ChartValues = field(compare=False, repr=False)
    said: tuple[str, ...] = ()
    """The fields that the configuration names; where it names none, those that the blocks have."""
    learnt: bool = False
    wanted: str = ""
    """The glob of the configuration that it was found by."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that the contract is about."""
        return tuple(self._blocks)

    def blocks(self, name: str) -> tuple[Block, ...]:
        """Return the blocks that have a field, the winner first."""
        return self._blocks.get(name, ())

    @cached_property
    def _blocks(self) -> dict[str, tuple[Block, ...]]:
        if self.said:
            return dict.fromkeys(self.said, self.chain)
        known = {name: tuple(block for block in self.chain if self.values.knows((*block, name))) for name in FIELDS}
        return {name: blocks for name, blocks in known.items() if blocks}

    @property
    def slots(self) -> Iterator[Slot]:
        """Every field of every block."""
        return ((block, name) for name in self.fields for block in self.blocks(name))

    @property
    def resource(self) -> str:
        """The workload, as people name it."""
        return self.manifest.resource

    def __str__(self) -> str:
        return f"{self.resource} ({' > '.join(map(dotted_key, self.chain))})"


def slots_of(subjects: Iterable[Subject]) -> tuple[Slot, ...]:
    """Return the slots of several subjects, each once."""
    return tuple(dict.fromkeys(slot for subject in subjects for slot in subject.slots))


def dotted_key(key: Key) -> str:
    """Write the way to a value as people do."""
    return ".".join(key)


def named(slot: Slot) -> str:
    """Write a slot as people do: `controlPlane.image.tag`."""
    return dotted_key((*slot[0], slot[1]))
