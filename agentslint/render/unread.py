"""Paths that a render did not read, and that were therefore not checked."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.authorship.lines import unread_place
from agentslint.model import Failure, Target


def unread(target: Target, reported: str = "") -> Iterator[Failure]:
    """Yield the paths of a target that are not read; `told` is why it did not render, which need not be said twice."""
    for path in target.closure.unread:
        if path.why and path.message != reported:
            yield Failure(path.message, target.name, location=unread_place(target, path))
