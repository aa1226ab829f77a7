"""Pairs each definition at the base with today's, across all targets of a run."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Change, Manifest, RenderedTarget, TargetChange

_SYNC_OPTIONS = ("metadata", "annotations", "argocd.argoproj.io/sync-options")


def definitions(change: Change, target: TargetChange) -> Iterator[tuple[Manifest, Manifest | None]]:
    """Yield a target's definitions of the base that changed or are gone, each with today's from any target.

    Raises ValueError if one cannot be read.
    """
    for pair in target.crds:
        if pair.base and pair.head and pair.differs:
            yield pair.base, pair.head
        elif pair.base and target.base and pair.head is None:
            yield pair.base, _elsewhere(change, target.base, pair.base.name)


def is_kept(definition: Manifest) -> bool:
    """Tell whether Argo CD keeps it in the cluster when it is no longer rendered (`pruneObject` in gitops-engine's sync_context.go)."""
    options = str(definition.at(_SYNC_OPTIONS) or "").split(",")
    return "Prune=false" in (option.strip() for option in options)


def _elsewhere(change: Change, was: RenderedTarget, name: str) -> Manifest | None:
    """The definition of that name that another target renders only since this change."""
    for target in change.targets:
        if target.head and _share_a_cluster(was, target.head):
            found = next((pair.head for pair in target.crds if pair.base is None and pair.head and pair.head.name == name), None)
            if found:
                return found
    return None


def _share_a_cluster(one: RenderedTarget, other: RenderedTarget) -> bool:
    """Whether they may share one: True unless their environments are configured and differ."""
    environments = [each.context.environments(each.target) for each in (one, other)]
    return not all(environments) or not environments[0].isdisjoint(environments[1])
