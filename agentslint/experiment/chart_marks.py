"""Marks: for each field of each block a value of the right shape that stands nowhere else, so that a rendered text tells who wrote it.

A pull policy has three possible words and cannot be unique; so the words change places from turn to turn, and what follows them turn by
turn is known by that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.image_blocks import SECRETS, BlockField

POLICIES = ("Always", "Never", "IfNotPresent")
"""https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy"""
_VERSION = re.compile(r"v?\d+\.\d+\.?")


class ChartMarks:
    """The marks of some slots of one chart."""

    def __init__(self, values: ChartValues, slots: Iterable[BlockField], together: Iterable[Collection[BlockField]] = ()) -> None:
        """Make marks for `slots`; those that are `together` in one workload get different pull policies, as far as there are any."""
        self._values = values
        self._numbers = {slot: number for number, slot in enumerate(slots, 1)}
        self._texts = {slot: self._text(slot, number) for slot, number in self._numbers.items()}
        self._cores = {slot: _core(slot, text) for slot, text in self._texts.items()}
        self._words = _words([slot for slot in self._numbers if is_policy(slot[1])], list(together))

    def value(self, slot: BlockField, turn: int) -> Any:
        """Return what to write into a slot in this turn."""
        if is_policy(slot[1]):
            return self._policy(slot, turn)
        text = self._texts[slot]
        if slot[1] != SECRETS:
            return text
        present = self._values.at((*slot[0], slot[1]))
        return [{"name": text}] if isinstance(present, list) and any(isinstance(item, Mapping) for item in present) else [text]

    def empty(self, slot: BlockField) -> Any:
        """Return what leaves a slot empty."""
        return [] if slot[1] == SECRETS else ""

    def seen(self, text: str, slots: Iterable[BlockField], turn: int) -> frozenset[BlockField]:
        """Return those of the slots whose marks a rendered text shows."""
        return frozenset(slot for slot in slots if self._shows(text, slot, turn))

    def _shows(self, text: str, slot: BlockField, turn: int) -> bool:
        return text == self._policy(slot, turn) if is_policy(slot[1]) else self._cores[slot] in text

    def _policy(self, slot: BlockField, turn: int) -> str:
        return POLICIES[(self._words[slot] + turn) % len(POLICIES)]

    def _text(self, slot: BlockField, number: int) -> str:
        present = self._values.at((*slot[0], slot[1]))
        present = present if isinstance(present, str) else ""
        match slot[1]:
            case "digest":
                return "sha256:" + hashlib.sha256(f"agentslint {number}".encode()).hexdigest()
            case "registry":
                return f"zq{number:04d}.example.com"
            case "repository":
                return f"{present.rpartition('/')[0]}/zq{number:04d}".lstrip("/")
            case "tag" if version := _VERSION.match(present):
                return f"{version.group().rstrip('.')}.{9_000_000 + number}"
            case _:
                return f"zq{number:04d}"


def is_policy(name: str) -> bool:
    """Tell whether a field holds a pull policy."""
    return name.lower().endswith("pullpolicy")


def _core(slot: BlockField, text: str) -> str:
    """The part of a mark that is nobody else's, however a template joins it with others."""
    name = text.rpartition("/")[2]
    return name.partition(":")[2] if slot[1] == "digest" else name


def _words(slots: Sequence[BlockField], together: Sequence[Collection[BlockField]]) -> dict[BlockField, int]:
    """Number the words of some slots so that neighbours have different ones."""
    chosen: dict[BlockField, int] = {}
    for slot in slots:
        taken = {chosen[other] for group in together if slot in group for other in group if other in chosen}
        chosen[slot] = next((word for word in range(len(POLICIES)) if word not in taken), 0)
    return chosen
