"""Renders of a target with other inputs: each question is asked once, within the time budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from agentslint.facts.context import Context
from agentslint.model import RenderFailure, Rendering
from agentslint.parallel import each

Changes = Mapping[str, bytes]
"""Files that hold other bytes."""


class Budget(Struct):
    """Starts with the first question; `seconds` is None for no limit."""

    seconds: float | None = None
    cut_short: bool = False
    """Whether anything was left out for want of time."""
    _end: float | None = None

    def exhausted(self) -> bool:
        """Tell whether the budget is used up; asked before each extra render, which is skipped if it is."""
        if self.seconds is None:
            return False
        now = time.monotonic()
        if self._end is None:
            self._end = now + self.seconds
        self.cut_short = self.cut_short or now >= self._end
        return now >= self._end

    @property
    def notes(self) -> list[str]:
        """The note about a run that was cut short."""
        if not self.cut_short:
            return []
        return [f"tracing was cut short after {self.seconds:g} s (--trace-timeout): some findings are located by text alone"]


class Renders(Struct):
    """Renders one target with other bytes in some files, remembers the answers and counts the renders."""

    context: Context
    render: Callable[[Changes], Rendering | RenderFailure] | None = None
    """Renders the target with changes; None where nothing is rendered again."""
    refusal: RenderFailure | None = None
    """The answer to all questions where nothing is rendered again, if there is one."""
    budget: Budget = field(default_factory=Budget)
    count: int = 0
    _known: dict[tuple[tuple[str, bytes], ...], Rendering | RenderFailure] = {}

    def ask(self, changes: Changes, *, remember: bool = True) -> Rendering | RenderFailure | None:
        """Return the rendering with these changes, each question once; None if nothing can be rendered.

        Whoever never asks the same again need not have the answer remembered: it is as large as the render.
        """
        if remember or self.render is None:
            return self.ask_all([changes])[0]
        if (known := self._known.get(_key(changes))) is not None:
            return known
        self.count += 1
        return self.render(changes)

    def ask_all(self, questions: Sequence[Changes]) -> list[Rendering | RenderFailure | None]:
        """Answer several questions as `ask` does; new ones are rendered in parallel."""
        if self.render is None:
            return [self.refusal] * len(questions)
        render, keys = self.render, list(map(_key, questions))
        new = [key for key in dict.fromkeys(keys) if key not in self._known]
        self.count += len(new)
        if len(new) == 1:
            self._known[new[0]] = render(dict(new[0]))
        elif new:
            outcomes = each(lambda key: render(dict(key)), new, self.context.jobs, self.context.stop)
            self._known.update(zip(new, outcomes, strict=True))
        return [self._known[key] for key in keys]


class Allowance(Struct):
    """The most renders that one question may cost, within the time budget."""

    renders: Renders
    most: int
    count: int = 0
    _out_of_time: bool = False

    @property
    def is_spent(self) -> bool:
        """Whether no further render may be made."""
        return self._out_of_time or self.count >= self.most

    def grant(self, more: int) -> None:
        """Allow so many renders from now on."""
        self.most = self.count + more

    def ask(self, changes: Changes, *, remember: bool = True) -> Rendering | RenderFailure | None:
        """Answer as `Renders.ask` does; None where nothing may be rendered any more."""
        if self.count < self.most:
            self._out_of_time = self.renders.budget.exhausted()
        if self.is_spent:
            return None
        self.count += 1
        return self.renders.ask(changes, remember=remember)

    def ask_all(self, questions: Sequence[Changes]) -> list[Rendering | RenderFailure | None]:
        """Answer several questions in parallel, all of them: the caller checks first whether the allowance is spent."""
        self.count += len(questions)
        return self.renders.ask_all(questions)


def _key(changes: Changes) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted(changes.items()))
