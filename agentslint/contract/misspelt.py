"""Chains and fields that are spelt as in no values: such a contract is not verified, and no chart is to blame for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.image_blocks import FIELDS, Block, BlockField, dotted_key
from agentslint.config.closest import closest
from agentslint.contract.chains import ChainedWorkload


def unknown_blocks(subject: ChainedWorkload) -> list[Block]:
    """Return the blocks of a chain that have no field in the values; the chart may still read them."""
    names = subject.stated or FIELDS
    return [block for block in subject.chain if not any(subject.values.knows((*block, name)) for name in names)]


def unknown_fields(subject: ChainedWorkload) -> list[str]:
    """Return the fields that the configuration names, that no convention knows and no block has."""
    blocks = subject.chain
    return [name for name in subject.stated if name not in FIELDS and not any(subject.values.knows((*block, name)) for block in blocks)]


def misspelt(subject: ChainedWorkload, shown: Collection[BlockField]) -> str:
    """Name the blocks or fields of a contract that no values have and on which no render depends; "" if there are none.

    `shown` are the fields on which something rendered depends.
    """
    values = subject.values
    for block in unknown_blocks(subject):
        if not any(block == seen for seen, _ in shown):
            return (
                f"{_unknown_block(subject, block)}{_nearest(dotted_key(block), list(_mappings(values.merged, ())))}{_out_of_sight(subject)}"
            )
    for name in unknown_fields(subject):
        if not any(name == seen for _, seen in shown):
            known = {key for block in subject.chain for key in _children(values, block)}
            return f"no block of the chain has a field {name}{_nearest(name, [*FIELDS, *sorted(known)])}"
    return ""


def _unknown_block(subject: ChainedWorkload, block: Block) -> str:
    chart = subject.values.entry.name
    if not subject.values.knows(block):
        return f"{dotted_key(block)} is in no values of chart {chart}"
    return f"{dotted_key(block)} has none of the fields {', '.join(subject.stated or FIELDS)} in the values of chart {chart}"


def _out_of_sight(subject: ChainedWorkload) -> str:
    if subject.values.knows_defaults or subject.stated:
        return ""
    return "; the chart's own values are not here: name the fields of its blocks (fields)"


def _nearest(word: str, known: Collection[str]) -> str:
    near = closest(word, known)
    return f"; did you mean {near}?" if near else ""


def _children(values: ChartValues, block: Block) -> list[str]:
    here: Any = values.merged
    for step in block:
        here = here.get(step) if isinstance(here, Mapping) else None
    return [str(key) for key in here] if isinstance(here, Mapping) else []


def _mappings(node: Any, path: Block) -> Iterator[str]:
    """Yield the ways to the mappings of some values."""
    if isinstance(node, Mapping):
        if path:
            yield dotted_key(path)
        for key, item in node.items():
            yield from _mappings(item, (*path, str(key)))
