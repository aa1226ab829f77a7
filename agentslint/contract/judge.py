"""Breaches of one subject's contract: at which place another block shows than the one that should decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentslint.contract.expect import emptied, expected
from agentslint.contract.laboratory import Laboratory, Observation
from agentslint.contract.marks import is_policy
from agentslint.contract.owners import slots_named
from agentslint.contract.subject import Block, Subject, named
from agentslint.contract.verdict import Broken
from agentslint.model import Pointer

_CORE = ("image", "imagePullPolicy", "imagePullSecrets")
"""What must be there if it follows a chain; a variable may be left out."""


@dataclass
class Judge:
    """Judges the observations of one subject."""

    laboratory: Laboratory
    subject: Subject

    def breaches(self, name: str, places: Sequence[Pointer], found: Sequence[Observation]) -> Iterator[Broken]:
        """Yield the first breach at each place."""
        for place in places:
            message = next(filter(None, (self._breach(name, place, each) for each in found)), "")
            if message:
                yield Broken(place, message)

    def refusal(self, name: str, found: Observation) -> Broken | None:
        """A render that fails although the field has a fallback; None where the field was not emptied in it."""
        empty = list(emptied(self.subject, name, found.experiment))
        wanted = expected(self.subject, name, found.experiment).block
        if not empty or wanted is None or found.failure is None:
            return None
        message = f"with {named((empty[0], name))} empty the render fails, although {named((wanted, name))} is set: {found.failure.message}"
        return Broken((), message, found.failure.location)

    def _breach(self, name: str, place: Pointer, found: Observation) -> str:
        wanted = expected(self.subject, name, found.experiment)
        if wanted.block is None or (place not in found.texts(self.subject.manifest) and place[-1] not in _CORE):
            return ""
        seen = self.laboratory.seen(found, self.subject.manifest, place, slots_named([self.subject], name))
        if seen == {wanted.block} or (wanted.unknown and not seen):
            return ""
        return self._told(name, wanted.block, place, found, seen)

    def _told(self, name: str, wanted: Block, place: Pointer, found: Observation, seen: frozenset[Block]) -> str:
        right = named((wanted, name))
        others = [block for block in self.subject.blocks(name) if block in seen and block != wanted]
        empty = [named((block, name)) for block in emptied(self.subject, name, found.experiment)]
        before = f"with {empty[-1]} empty, " if empty else ""
        if others and wanted in seen:
            return f"{before}{right} and {named((others[0], name))} are joined, where the first one alone should decide"
        if others:
            return f"{before}{named((others[0], name))} decides, although {right} is set and comes first"
        foreign = self._foreign(name, place, found)
        if foreign:
            return f"{before}{named((foreign, name))} decides, which is no part of the chain; {right} should"
        return f"with {empty[-1]} empty, {right} does not take over" if empty else f"{right} is set and does not show"

    def _foreign(self, name: str, place: Pointer, found: Observation) -> Block | None:
        if is_policy(name):
            return None
        slots = [slot for slot in self.laboratory.slots if slot[1] == name]
        seen = self.laboratory.seen(found, self.subject.manifest, place, slots)
        return next((block for block in sorted(seen) if block not in self.subject.chain), None)
