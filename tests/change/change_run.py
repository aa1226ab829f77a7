"""Compares the work tree of a story with a base, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from story import Story

from agentslint.change import Change
from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import Session, everything


@contextmanager
def compared(story: Story, base: str | None = "HEAD", *paths: str, **options: Any) -> Iterator[tuple[Session, Change]]:
    """Yield the run and what changes, with everything rendered that differs and nothing else."""
    settings = RunOptions(paths=tuple(str(story.root / path) for path in paths or (".",)), base=base, compares=True, **options)
    with open_session(settings) as (run, _):
        assert run.comparison is not None
        yield run, run.comparison.change(run.sides(everything), {}, run.context)


def moves(change: Change) -> dict[str, tuple[str | None, str | None]]:
    """Workload (with its target, where it is not the first one) -> the tag of its image at the base and now, where they differ."""
    found = {}
    for target in change.targets:
        for image in target.images:
            if image.differs:
                tags = tuple(use.reference.tag if use and use.reference else None for use in (image.base, image.head))
                found[f"{target.name} {image.use.manifest.name}"] = (tags[0], tags[1])
    return found


def outline(change: Change) -> dict[str, str]:
    """Target -> what became of it."""
    return {target.name: _outline(target) for target in change.targets}


def _outline(target: Any) -> str:
    if target.appears or target.disappears:
        return "appears" if target.appears else "disappears"
    if not target.is_whole:
        return " ".join(["fails", *(side for side in ("base", "head") if getattr(target, f"{side}_failure"))])
    moved = f"was {target.was}, " if target.was else ""
    return moved + ("same" if target.is_same else "differs")
