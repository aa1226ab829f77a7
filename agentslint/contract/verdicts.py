"""The verdicts of experiments on a workload's contract, field by field."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from agentslint.authorship.image_blocks import Block, dotted_key
from agentslint.contract.chains import ChainedWorkload
from agentslint.model import Pointer
from agentslint.model.chart_breaches import FieldBreach


class HeadOutcome(Struct, frozen=True):
    """The behaviour of a chart in one situation. `kind` is one of next, default, without, fails, other, untried."""

    kind: str = "untried"
    text: str = ""
    block: Block = ()

    def said_of(self, name: str) -> str:
        """Say it in a few words."""
        match self.kind:
            case "next":
                return dotted_key((*self.block, name))
            case "default":
                return f"the default {self.text}"
            case "without":
                return "renders without"
            case "fails":
                return f"fails: {self.text}"
            case "other":
                return "something else"
            case _:
                return "not tried"


class FieldVerdict(Struct):
    """The verdict on one field of a workload."""

    name: str
    blocks: tuple[Block, ...]
    places: tuple[Pointer, ...] = ()
    broken: list[FieldBreach] = []
    unverified: str = ""
    """Why it could not be verified."""
    absent: HeadOutcome = HeadOutcome()
    null: HeadOutcome = HeadOutcome()
    empty: HeadOutcome = HeadOutcome()
    """With the field empty in all blocks."""

    hidden: bool = False
    """Whether it only shows while there is no digest."""

    @property
    def state(self) -> str:
        """`kept`, `broken`, `unverified`, or `unseen` where nothing in the workload shows the field."""
        if self.unverified:
            return "unverified"
        if self.broken:
            return "broken"
        return "kept" if self.places else "unseen"

    def winner(self, subject: ChainedWorkload) -> Block | None:
        """Return the block that decides with the values as they are; None where all are empty."""
        return next((block for block in self.blocks if subject.values.at((*block, self.name))), None)


class Verdict(Struct):
    """The verdict on one workload."""

    subject: ChainedWorkload
    fields: dict[str, FieldVerdict]
    misspelt: str = ""
    """What of the contract is spelt as nothing that the chart knows: then nothing is verified, and nothing held against the chart."""

    @property
    def broken(self) -> Iterator[tuple[FieldVerdict, FieldBreach]]:
        """Every breach, with its field."""
        return ((found, broken) for found in self.fields.values() for broken in found.broken)

    @property
    def unverified(self) -> list[str]:
        """Why some fields could not be verified, each reason once."""
        own = [self.misspelt] if self.misspelt else []
        return list(dict.fromkeys([*own, *(found.unverified for found in self.fields.values() if found.unverified)]))
