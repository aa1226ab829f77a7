"""Puts what deployers make of the repository's folders in the place of the bare folders, for one run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agentslint.deploy.here import Here
from agentslint.deploy.listed import ListedSource
from agentslint.discover.listing import excluder
from agentslint.engine.deployments import ReadDeployments, expanded, selected
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import Session
from agentslint.model import Field, Location, RenderFailure, Target
from agentslint.parallel import each
from agentslint.trace.provenance import place_of


def with_deployments(session: Session, settings: RunOptions, mentioned: Sequence[str]) -> Session:
    """Return the session with the applications of its repository; the same one where no file mentions any."""
    if not mentioned:
        return session
    config = session.loaded.config
    here = Here(session.root, config.deploy, os.environ, settings.base or "", excluded=excluder((*config.exclude, *settings.exclude)))
    bare = session.repository()
    deployments = ReadDeployments(here, mentioned, bare, session.render_early, session.render_changed, _place).read()
    paths = [relative for path in settings.paths if path != "-" and (relative := _relative(session.root, path)) is not None]
    others = _Everything(bare, deployments.targets, deployments.covered)
    chosen = selected(deployments.listed, paths)
    return replace(
        session,
        discovery=expanded(session.discovery, deployments, paths),
        deployments=replace(deployments, selected=chosen),
        repository=others,
        context=replace(session.context, judged=_judged(session, chosen)),
    )


def _judged(session: Session, rows: Sequence[ListedSource]) -> frozenset[tuple[str, str]]:
    """The objects whose sources are judged. Of a chart that cannot be pulled, the object itself is all that there is to judge."""
    pulled = [row.target for row in rows if row.target and row.chart]
    outcomes = zip(pulled, each(session.render_early, pulled, session.jobs, session.renderer.close), strict=True)
    failed = {target.name for target, outcome in outcomes if isinstance(outcome, RenderFailure)}
    rendered = (row for row in rows if row.target and row.target.name not in failed)
    return frozenset((row.application.kind, row.application.name) for row in rendered)


class _Everything:
    """All targets of the repository, deployed ones in the place of bare ones."""

    def __init__(self, bare: Sequence[Target], deployed: Sequence[Target], covered: frozenset[str]) -> None:
        self._targets = (*(target for target in bare if target.name not in covered), *deployed)

    def __call__(self) -> Sequence[Target]:
        return self._targets


def _place(field: Field) -> Location:
    """The nearest place by text alone: nothing is proven before the run begins."""
    return place_of(field, {}).location


def _relative(root: Path, path: str) -> str | None:
    full = Path(os.path.realpath(path))
    top = Path(os.path.realpath(root))
    return full.relative_to(top).as_posix() if full.is_relative_to(top) else None
