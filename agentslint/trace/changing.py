"""Renders of a target with some scalars changed, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agentslint import files
from agentslint.facts import RenderedTarget
from agentslint.model import RenderFailure, Rendering, Target
from agentslint.trace.clock import Clock
from agentslint.trace.collect import Changeable
from agentslint.trace.edit import edited
from agentslint.trace.pairing import Pairs
from agentslint.trace.reading import Marks
from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.sentinel import Sentinel, sentinel
from agentslint.trace.tainted import Tainted
from agentslint.yamlread.numbers import number_texts

RenderChanged = Callable[[Target, Mapping[str, bytes]], Rendering | RenderFailure]


@dataclass
class Changing:
    """Renders one target with other texts in the place of scalars, at most `budget` times."""

    rendered: RenderedTarget
    changeable: Changeable
    render: RenderChanged
    budget: int
    clock: Clock = field(default_factory=Clock)
    count: int = 0
    refusal: str = ""
    """What was said of the last render, where it was refused."""
    _out_of_time: bool = False
    _crds_are_needed: bool = False
    _crds_can_be_left_out: bool = False
    _marks: dict[AuthoredScalar, Sentinel | None] = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        """Whether no further render may be made."""
        return self._out_of_time or self.count >= self.budget

    def mark(self, scalar: AuthoredScalar) -> Sentinel | None:
        """The sentinel of a scalar, always the same; None for what must not be changed."""
        if scalar not in self._marks:
            number = len(self._marks) + 1
            numeric = scalar.style == "plain" and number_texts(scalar.text) is not None
            mark = sentinel(scalar.text, number, numeric=numeric)
            self._marks[scalar] = self.pairs.mark(scalar, mark, number) or mark
        return self._marks[scalar]

    def tainted(self, marks: Marks) -> Tainted | None:
        """Render with the texts of `marks` in place; None where that is refused, or nothing may be rendered any more.

        CustomResourceDefinitions of charts are left out where nobody asked for them: they are most of the bytes of many a chart.
        Should that be what is refused (a patch of one finds nothing then), they are left in from then on.
        """
        left_out = [(switch, Sentinel(switch.text, "false", ())) for switch in self._crd_switches]
        tainted = self.rendered_with(self._changes([*marks, *left_out]), marks)
        if tainted is None and left_out and not self._crds_can_be_left_out:
            self._crds_are_needed = True
            return self.rendered_with(self._changes(marks), marks)
        self._crds_can_be_left_out = self._crds_can_be_left_out or tainted is not None
        return tainted

    def rendered_with(self, changes: Mapping[str, bytes], marks: Marks) -> Tainted | None:
        """Render with other files, in which `marks` are; None as above."""
        self._out_of_time = not self.spent and self.clock.ran_out()
        if self.spent:
            return None
        self.count += 1
        outcome = self.render(self.rendered.target, changes)
        self.refusal = f"{outcome.message}\n{outcome.details}" if isinstance(outcome, RenderFailure) else ""
        return None if isinstance(outcome, RenderFailure) else Tainted(self.rendered, outcome, marks)

    @property
    def _crd_switches(self) -> Sequence[AuthoredScalar]:
        asked_for = bool(self.rendered.read_crds)
        return () if asked_for or self._crds_are_needed else self.changeable.crd_switches

    @cached_property
    def pairs(self) -> Pairs:
        """What `images:` entries look for."""
        return Pairs(self.changeable)

    def _changes(self, marks: Marks) -> dict[str, bytes]:
        root = self.rendered.target.root
        by_file: dict[str, list[tuple[AuthoredScalar, Sentinel]]] = {}
        for scalar, mark in (*marks, *self.pairs.names(marks)):
            by_file.setdefault(scalar.path, []).append((scalar, mark))
        return {
            path: edited(files.read_in(root, path), [(scalar.region, scalar.written(mark.text)) for scalar, mark in inside])
            for path, inside in by_file.items()
        }
