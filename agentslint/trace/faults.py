"""Tracing that breaks: the failure of that one target, whose findings are still reported, at the target's own file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from agentslint.authorship.lines import target_location
from agentslint.errors import trail
from agentslint.model import Failure, Target


class Faults(Struct):
    """The targets at which tracing broke, each told once."""

    reported: set[str] = set()
    _found: list[Failure] = []

    @contextmanager
    def of(self, target: Target) -> Iterator[None]:
        """Let nothing that goes wrong within reach the other targets."""
        try:
            yield
        except Exception as error:
            if target.name not in self.reported:
                self.reported.add(target.name)
                message = f"{target.file} cannot be traced: {type(error).__name__}: {error}"
                self._found.append(Failure(message, target.name, location=target_location(target), details=trail(error)))

    def take(self) -> list[Failure]:
        """Return those that were found since the last call."""
        found, self._found = self._found, []
        return found
