"""What a policy would have judged and this run does not: targets that moved away, and those that left an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from agentslint.change.comparison import ComparedTargets, Comparison
from agentslint.change.differing import Sides, TargetPair, selected_at_base
from agentslint.git.command import GitError
from agentslint.model import Failure, Target

Environments = Callable[[Target], "frozenset[str] | None"]
"""The environments of a target of either side; None where they cannot be known."""


def shrunk(comparison: Comparison, at: str, environments: Environments) -> tuple[list[str], list[Failure]]:
    """Return notes on the targets of the commit that are not linted as they were, and a failure where that is not known."""
    found = comparison.compared
    if not isinstance(found, ComparedTargets):
        return [], [Failure(f"cannot list the targets of {at}: {found}")]
    now = {target.name for target in comparison.head}
    try:
        before = selected_at_base(Sides(found.tree, comparison.head, [*comparison.paths], comparison.discover))
    except (GitError, OSError) as error:
        return [], [Failure(f"cannot list the targets of {at}: {error}")]
    moved = {pair.base.name: pair for pair in found.pairs if pair.base and pair.head and pair.base.name != pair.head.name}
    gone = [_gone(target, moved.get(name), comparison) for name, target in sorted(before.items()) if name not in now]
    left = list(_left([pair for pair in found.pairs if pair.head and pair.head.name in now], environments))
    return [*_note(f"linted at {at} but not now", gone), *_note("moved out of an environment", left)], []


def _gone(target: Target, pair: TargetPair | None, comparison: Comparison) -> str:
    if pair and pair.head:
        return f"{target.name} (moved to {pair.head.name})"
    return f"{target.name} ({'no target of its own any more' if (comparison.root / target.file).exists() else 'deleted'})"


def _left(pairs: Iterable[TargetPair], environments: Environments) -> Iterator[str]:
    for pair in pairs:
        if pair.base is None or pair.head is None:
            continue
        before, after = environments(pair.base), environments(pair.head)
        if before is None or after is None:
            yield f"{pair.head.name} (not known: it does not render on both sides)"
        elif before - after:
            yield f"{pair.head.name} (left {', '.join(sorted(before - after))})"


def _note(title: str, rows: list[str]) -> list[str]:
    return [f"{title}: {', '.join(rows)}"] if rows else []
