"""The chart's own switch that refuses images without a digest: whether the chart knows it, and whether it is on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from agentslint import files
from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.authorship.image_blocks import dotted_key
from agentslint.facts.named_places import leaves
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Location

_TEXTS = re.compile(rb'"[^"\n]*"|`[^`]*`|/\*.*?\*/', re.S)
"""Texts and comments of a template, which are not code."""
USUAL = "imagePolicy.requireDigest"


class DigestSwitch(Struct, frozen=True):
    """One chart's switch. `known` tells whether the chart reads it at all, as far as its files can be looked into."""

    key: ValueKey
    known: bool
    on: bool
    location: Location | None
    """Where it is set; None if it is not."""

    @property
    def off(self) -> Mapping[ValueKey, bool]:
        """The changes that switch it off."""
        return {self.key: False} if self.known else {}

    def __str__(self) -> str:
        return dotted_key(self.key)


def switch_of(rendered: TargetFacts, values: ChartValues) -> DigestSwitch:
    """Look for the switch that the configuration names, else for the usual one."""
    key = tuple((rendered.context.config.digest_switch or USUAL).split("."))
    known = values.default(key) is not None or (_read_by_templates(values, key) if values.knows_defaults else values.knows(key))
    return DigestSwitch(key, known, bool(values.at(key)), values.location(key))


def switches(values: ChartValues) -> Iterator[str]:
    """Yield the ways to all values of a chart that are true or false."""
    return (".".join(map(str, pointer)) for pointer, value in leaves(values.merged) if isinstance(value, bool))


def _read_by_templates(values: ChartValues, key: ValueKey) -> bool:
    root = values.target.root
    folder = root / str(values.entry.directory)
    paths = (path for pattern in ("templates/**/*.tpl", "templates/**/*.yaml") for path in folder.glob(pattern))
    texts = (files.read_in(root, path) for path in paths if files.is_file_in(root, path))
    return any(f".{key[-1]}".encode() in _TEXTS.sub(b"", text) for text in texts)
