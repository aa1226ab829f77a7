"""The expected result of an experiment under a kept contract: the first block of the chain that is not empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from agentslint.authorship.image_blocks import Block
from agentslint.contract.chains import ChainedWorkload
from agentslint.experiment.chart_experiments import Experiment, FieldState


class Expected(Struct, frozen=True):
    """The block whose mark must show; or the chart's default, known or not; or nothing."""

    block: Block | None = None
    default: str | None = None
    unknown: bool = False
    """Whether the chart may have a default that cannot be read."""


def expected(subject: ChainedWorkload, name: str, experiment: Experiment) -> Expected:
    """Follow the chain of one field."""
    unknown = False
    for block in subject.blocks(name):
        key = (*block, name)
        match experiment.states.get((block, name)):
            case FieldState.SET:
                return Expected(block, unknown=unknown)
            case FieldState.ABSENT | FieldState.NULL as state:
                values = subject.values
                restores = state is FieldState.ABSENT or values.layer_for(key).restores
                if restores and (default := as_text(values.default(key))):
                    return Expected(default=default)
                unknown = unknown or (restores and not values.knows_defaults)
    return Expected(unknown=unknown)


def emptied(subject: ChainedWorkload, name: str, experiment: Experiment) -> Iterator[Block]:
    """Yield the blocks in front of the one that should decide."""
    for block in subject.blocks(name):
        if experiment.states.get((block, name)) is FieldState.SET:
            return
        yield block


def as_text(value: Any) -> str:
    """Write a default as a template would: a list by its items."""
    if isinstance(value, list):
        return ",".join(str(item.get("name")) if isinstance(item, dict) else str(item) for item in value)
    return "" if value is None or value is False else str(value)
