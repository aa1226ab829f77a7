"""The words that the formats for people share."""

from __future__ import annotations

from collections import Counter

from agentslint.diff.rows import Range, RunDifference, TargetRow
from agentslint.git.ancestry import Distance, Relation, Unknown
from agentslint.model import Failure
from agentslint.report.summary import counts, plural

_SHA = 10


def headline(difference: RunDifference, named: str = "") -> str:
    """Return `2 of 100 targets differ from main (1a2b3c4d5e): 3 images, 1 claim`; `named` is the base as a format writes it."""
    differing = [row for row in difference.targets if row.what not in ("same", "failed")]
    failed = sum(row.what == "failed" for row in difference.targets)
    total = max(len(difference.report.targets), len(differing) + failed)
    what = ", ".join(plural(count, name) for name, count in _counted(differing).items() if count)
    verb = "differs" if len(differing) == 1 else "differ"
    return (
        f"{len(differing)} of {plural(total, 'target')} {verb} from {named or base(difference)}"
        + (f": {what}" if what else "")
        + _uncompared(failed)
    )


def _uncompared(count: int) -> str:
    return f"; {count} {'is' if count == 1 else 'are'} not compared" if count else ""


def base(difference: RunDifference) -> str:
    """Name the base."""
    if not difference.commit:
        return difference.base
    short = difference.commit[:_SHA]
    return short if difference.commit.startswith(difference.base) else f"{difference.base} ({short})"


def verdict(difference: RunDifference) -> str:
    """Summarize the findings of the rules about a change; empty if none of them ran."""
    if not difference.rules:
        return ""
    found = [plural(count, level.value) for level, count in counts(difference.report).items() if count] or ["no findings"]
    unknown = sum(bool(failure.rule_id) for failure in difference.report.failures)
    return f"policy: {', '.join([*found, *([f'{unknown} not checked'] if unknown else [])])} ({', '.join(difference.rules)})"


def policy(row: TargetRow) -> str:
    """Summarize the findings of the rules about a change for one target: `1 error, 1 not checked`."""
    return ", ".join(f"{count} {what}" if what == "not checked" else plural(count, what) for what, count in row.policy.items())


def became(row: TargetRow, was: str) -> str:
    """Describe a target that was added, removed or moved; `was` is its name at the base as a format writes it."""
    words = {"appears": "is new", "disappears": "is gone", "same": "renders the same", "failed": "is not compared"}
    return ", ".join(part for part in (f"was {was}" if row.was else "", words.get(row.what, "")) if part)


def unreported(difference: RunDifference) -> list[Failure]:
    """Return the failures that belong to no target."""
    reported = {row.name for row in difference.targets if row.failures}
    return [failure for failure in difference.report.failures if failure.rule_id or failure.target not in reported]


def commits(span: Range) -> str:
    """Return `1a2b3c4d..5e6f7a8b, 12 commits ahead`."""
    return ", ".join(part for part in (f"{span.old[:_SHA]}..{span.new[:_SHA]}", distance(span.distance)) if part)


def distance(found: Distance | Unknown | None) -> str:
    """Say how a commit lies to the one before it."""
    if found is None or isinstance(found, Unknown):
        return "" if found is None else f"their relation is unknown: {found.reason}"
    ahead, behind = (_number(count) for count in (found.ahead, found.behind))
    words = {
        Relation.SAME: "the same commit",
        Relation.AHEAD: f"{ahead} ahead",
        Relation.BEHIND: f"{behind} behind",
        Relation.DIVERGED: f"diverged: {ahead} ahead, {behind} behind",
    }
    return words[found.relation]


def _number(count: int | None) -> str:
    return "some commits" if count is None else plural(count, "commit")


def _counted(rows: list[TargetRow]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted["image"] += len(row.images)
        counted["claim"] += len(row.claims)
        counted["API difference"] += len(row.apis)
        counted["manifest"] += len(row.manifests)
    return counted
