"""Renders of a target with other inputs: each question is asked once, and only as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agentslint.facts.context import Context
from agentslint.model import RenderFailure, Rendering
from agentslint.parallel import each


@dataclass
class Budget:
    """Counts from the first question on; `seconds` is None where tracing may take as long as it takes."""

    seconds: float | None = None
    cut_short: bool = False
    """Whether anything was left out for want of time."""
    _end: float | None = None

    def ran_out(self) -> bool:
        """Tell whether the time is over; asked before each extra render, of which a yes leaves one out."""
        if self.seconds is None:
            return False
        now = time.monotonic()
        if self._end is None:
            self._end = now + self.seconds
        self.cut_short = self.cut_short or now >= self._end
        return now >= self._end

    @property
    def notes(self) -> list[str]:
        """What the user must know of a run that was cut short."""
        if not self.cut_short:
            return []
        return [f"tracing was cut short after {self.seconds:g} s (--trace-timeout): some findings are located as far as text alone tells"]


@dataclass
class Renders:
    """Says what one target renders if some of its files held other bytes. `render` renders that; None where nothing can be rendered."""

    context: Context
    render: Callable[[Mapping[str, bytes]], Rendering | RenderFailure] | None = None
    _known: dict[tuple[tuple[str, bytes], ...], Rendering | RenderFailure] = field(default_factory=dict)

    def ask(self, changes: Mapping[str, bytes]) -> Rendering | RenderFailure | None:
        """Return what is rendered with these changes, each question once; None where nothing can be rendered."""
        return self.ask_all([changes])[0]

    def ask_all(self, questions: Sequence[Mapping[str, bytes]]) -> list[Rendering | RenderFailure | None]:
        """Answer several questions as `ask` does; what is not known yet is rendered side by side."""
        if self.render is None:
            return [None] * len(questions)
        render, keys = self.render, [tuple(sorted(changes.items())) for changes in questions]
        new = [key for key in dict.fromkeys(keys) if key not in self._known]
        if len(new) == 1:
            self._known[new[0]] = render(dict(new[0]))
        elif new:
            outcomes = each(lambda key: render(dict(key)), new, self.context.jobs, self.context.stop)
            self._known.update(zip(new, outcomes, strict=True))
        return [self._known[key] for key in keys]
