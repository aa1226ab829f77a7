"""A run under the policy of a commit: the comments that count, and the notes about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from agentslint.change.comparison import BaseRequest, Comparison
from agentslint.engine.session import Session
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, Location, Manifest, RenderFailure, Result, Target
from agentslint.policy import Policy
from agentslint.policy.shrunk import shrunk
from agentslint.suppress import Counts, Stood
from agentslint.suppress.comments import is_template


def by_policy(session: Session, fleet: Sequence[RenderedTarget], failures: list[Failure]) -> list[str]:
    """Return the notes about the policy, and about targets that it covers and the run does not."""
    if session.policy is None:
        return []
    if session.comparison is None or str(session.root) != session.policy.tree.root:
        # A chart on its own is rendered in a folder of ours, which is not in the commit.
        return session.policy.notes
    commit = session.policy.tree.revision.commit
    comparison = Comparison(
        BaseRequest(commit),
        session.root,
        session.comparison.head,
        session.comparison.paths,
        session.comparison.discover,
        session.comparison.config_folder,
        session.comparison.network,
    )
    try:
        notes, unknown = shrunk(comparison, session.policy.tree.short, _Environments(session, fleet))
    finally:
        comparison.close()
    failures += unknown
    return [*session.policy.notes, *notes]


def counted(policy: Policy, root: Path, about_change: Collection[str]) -> Counts:
    """Return a function that tells whether a comment counts: the commit has it, too, or it accepts the change itself."""
    stood = Stood(policy.file, lambda path: is_template(root / path))

    def counts(result: Result, rule: str, comment: Location, text: str) -> bool:
        place = (comment.path, comment.region.start_line, rule)
        if rule in about_change:
            policy.accepted.add((*place, str(comment.key_path[-1])))
            return True
        if stood.covers(result, rule, comment.path, text):
            return True
        policy.refused.add(place)
        return False

    return counts


def ending(session: Session, removable: list[str]) -> list[str]:
    """Return the closing notes; stale entries of a commit's baseline do not concern this run."""
    return session.policy.outcome if session.policy else removable


class _Environments:
    """The environments of a target: by its path, and where the configuration names namespaces, by what it renders."""

    def __init__(self, session: Session, fleet: Sequence[RenderedTarget]) -> None:
        self._session = session
        self._fleet: Mapping[str, RenderedTarget] = {rendered.target.name: rendered for rendered in fleet}
        self._by_namespace = any(environment.namespaces for environment in session.loaded.config.environments)

    def __call__(self, target: Target) -> frozenset[str] | None:
        context = self._session.context
        if not self._by_namespace:
            return context.environments(target)
        known = self._fleet.get(target.name) if target.root == self._session.root else None
        manifests = known.manifests if known else self._rendered(target)
        return None if manifests is None else frozenset().union(*(context.environments(target, each) for each in (None, *manifests)))

    def _rendered(self, target: Target) -> Sequence[Manifest] | None:
        outcome = next(self._session.rendered([target])).outcome
        return None if isinstance(outcome, RenderFailure) else outcome.manifests
