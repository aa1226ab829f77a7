"""One question to a chart: what is rendered if these fields hold their marks, and those are empty, absent or null?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from agentslint.contract.marks import Marks
from agentslint.contract.subject import Slot
from agentslint.probe import Change, Key, absent, null, put


class State(Enum):
    """What becomes of one field."""

    SET = "set"
    EMPTY = "empty"
    ABSENT = "absent"
    NULL = "null"


@dataclass(frozen=True)
class Experiment:
    """The state of every slot, and of the chart's own switch that enforces digests (None: as it is)."""

    states: Mapping[Slot, State]
    turn: int = 0
    switches: Mapping[Key, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, slots: Iterable[Slot], *, turn: int = 0, switches: Mapping[Key, bool], **others: Iterable[Slot]) -> Experiment:
        """Set all slots but the `empty`, `absent` or `null` ones."""
        states = dict.fromkeys(slots, State.SET)
        for name, chosen in others.items():
            states.update(dict.fromkeys(chosen, State(name)))
        return cls(states, turn, switches)

    def changes(self, marks: Marks) -> Iterator[Change]:
        """Yield what to change in the values."""
        for (block, name), state in self.states.items():
            key = (*block, name)
            match state:
                case State.SET:
                    yield put(key, marks.value((block, name), self.turn))
                case State.EMPTY:
                    yield put(key, marks.empty((block, name)))
                case State.ABSENT:
                    yield absent(key)
                case State.NULL:
                    yield null(key)
        yield from (put(key, on) for key, on in self.switches.items())
