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
    """The marks of some block fields of one chart."""

    def __init__(self, values: ChartValues, block_fields: Iterable[BlockField], together: Iterable[Collection[BlockField]] = ()) -> None:
        """Make marks for `block_fields`; those that are `together` in one workload get different pull policies, as far as there are any."""
        self._values = values
        self._numbers = {block_field: number for number, block_field in enumerate(block_fields, 1)}
        self._texts = {block_field: self._text(block_field, number) for block_field, number in self._numbers.items()}
        self._cores = {block_field: _core(block_field, text) for block_field, text in self._texts.items()}
        self._words = _words([block_field for block_field in self._numbers if is_policy(block_field[1])], list(together))

    def value(self, block_field: BlockField, turn: int) -> Any:
        """Return what to write into a block field in this turn."""
        if is_policy(block_field[1]):
            return self._policy(block_field, turn)
        text = self._texts[block_field]
        if block_field[1] != SECRETS:
            return text
        present = self._values.at((*block_field[0], block_field[1]))
        return [{"name": text}] if isinstance(present, list) and any(isinstance(item, Mapping) for item in present) else [text]

    def empty(self, block_field: BlockField) -> Any:
        """Return what leaves a block field empty."""
        return [] if block_field[1] == SECRETS else ""

    def seen(self, text: str, block_fields: Iterable[BlockField], turn: int) -> frozenset[BlockField]:
        """Return those of the block fields whose marks a rendered text shows."""
        return frozenset(block_field for block_field in block_fields if self._shows(text, block_field, turn))

    def _shows(self, text: str, block_field: BlockField, turn: int) -> bool:
        return text == self._policy(block_field, turn) if is_policy(block_field[1]) else self._cores[block_field] in text

    def _policy(self, block_field: BlockField, turn: int) -> str:
        return POLICIES[(self._words[block_field] + turn) % len(POLICIES)]

    def _text(self, block_field: BlockField, number: int) -> str:
        present = self._values.at((*block_field[0], block_field[1]))
        present = present if isinstance(present, str) else ""
        match block_field[1]:
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


def _core(block_field: BlockField, text: str) -> str:
    """The part of a mark that is nobody else's, however a template joins it with others."""
    name = text.rpartition("/")[2]
    return name.partition(":")[2] if block_field[1] == "digest" else name


def _words(block_fields: Sequence[BlockField], together: Sequence[Collection[BlockField]]) -> dict[BlockField, int]:
    """Number the words of some block fields so that neighbours have different ones."""
    chosen: dict[BlockField, int] = {}
    for block_field in block_fields:
        taken = {chosen[other] for group in together if block_field in group for other in group if other in chosen}
        chosen[block_field] = next((word for word in range(len(POLICIES)) if word not in taken), 0)
    return chosen
