"""Puts what deployers make of the repository's folders in the place of the bare folders, for one run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agentslint.change.comparison import Comparison
from agentslint.change.differing import Discover
from agentslint.deploy.declared_targets import declared_sources
from agentslint.deploy.deployer import Deployer
from agentslint.deploy.helm_program import Helm
from agentslint.deploy.here import Here
from agentslint.deploy.listed import ListedSource
from agentslint.discover import Discovery
from agentslint.discover.listing import excluder
from agentslint.engine.deployer_objects import ObjectReader, kinds_of, mentioning_files
from agentslint.engine.deployments import Deployments, expanded, judged_on_one_side, selected, selected_sets
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import Session
from agentslint.errors import UsageError
from agentslint.model import Failure, Field, Location, Region, RenderFailure, Target
from agentslint.model.application import Application
from agentslint.parallel import each
from agentslint.trace.provenance import place_of


def with_deployments(
    session: Session, settings: RunOptions, mentioned: Sequence[str], helm: Path | None, deployers: Sequence[Deployer]
) -> Session:
    """Return the session with the applications of its repository, and of the base with which it is compared.

    `mentioned` are the files that may hold some; `helm` fills in the templates of ApplicationSets.
    """
    return _Deploying(session, settings, helm, deployers).expanded(mentioned)


class _Deploying(Struct, frozen=True):
    """Reads the applications of trees: of the work tree, and of a base."""

    session: Session
    settings: RunOptions
    helm: Path | None
    deployers: Sequence[Deployer]

    def expanded(self, mentioned: Sequence[str]) -> Session:
        session = self.session
        bare = session.repository()
        deployments = self._read(session.root, mentioned, bare)
        paths = list(_inside(session.root, self.settings.paths))
        unread = session.discovery.unread.values()
        chosen = selected(deployments.listed, paths, self.settings.applications, unread)
        discovery = self._discovery(session.discovery, deployments, paths)
        everything = _Everything(bare, deployments)
        judged = frozenset[tuple[str, str]]() if self.settings.lists else _judged(session, chosen)
        return replace(
            session,
            discovery=discovery,
            deployments=replace(deployments, selected=chosen, sets=selected_sets(deployments.sets, paths)),
            repository=everything,
            context=replace(session.context, judged=judged, repository=everything),
            comparison=self._comparison(deployments, discovery, chosen),
        )

    def _discovery(self, bare: Discovery, deployments: Deployments, paths: Sequence[str]) -> Discovery:
        """The targets of paths and of named applications; where only applications are named, nothing else."""
        named = self.settings.applications
        return expanded(bare if self.settings.paths else Discovery(()), deployments, paths if self.settings.paths else (), named)

    def _read(self, root: Path, mentioned: Sequence[str], bare: Sequence[Target]) -> Deployments:
        """The applications of a tree."""
        from agentslint.engine.read_deployments import ReadDeployments
        from agentslint.engine.written_objects import WrittenObjects

        session, settings = self.session, self.settings
        compared = session.comparison is not None and session.comparison.request.is_one
        config, commit = session.loaded.config.deploy, "0" * 40 if compared else None
        here = Here(root, config, os.environ, settings.base or "", remotes_of=session.root, commit=commit)
        group, required = session.renderer.group, settings.require_confinement
        helm = Helm(self.helm, os.environ, group=group, required=required) if self.helm else None
        kinds = kinds_of(self.deployers)
        place = WrittenObjects(session, _place) if settings.lists else _place
        reader = ObjectReader(here.root, kinds, mentioned, bare, session.render_early, session.renders_of, place)
        declared = declared_sources(session.loaded.config.targets, here, self._where, frozenset(target.name for target in bare))
        return ReadDeployments(here, self.deployers, reader, helm, declared).read()

    def _where(self, number: int, *keys: str, word: str = "") -> Location:
        """The place of a `[[targets]]` table of the configuration, or of a key in it."""
        return self.session.configured_at("targets", number, *keys, word=word) or Location("", Region(1, 1, 1, 2))

    def _comparison(self, deployments: Deployments, discovery: Discovery, chosen: Sequence[ListedSource]) -> Comparison | None:
        """The comparison of the expanded targets, with those that the deployers of the base make."""
        session = self.session
        if session.comparison is None:
            return None
        bare = session.comparison.discover
        known = {os.path.realpath(session.root): deployments}
        excluded = excluder((*session.loaded.config.exclude, *self.settings.exclude))

        def targets(where: Path, paths: Sequence[str]) -> Sequence[Target]:
            root = os.path.realpath(where)
            if root not in known:
                mentioned = mentioning_files(where, excluded, kinds_of(self.deployers))
                everything = _found(bare, where, [str(where)])
                known[root] = self._read(where, mentioned, everything) if mentioned or session.loaded.config.targets else Deployments()
            found = Discovery(tuple(_found(bare, where, paths)))
            return self._discovery(found, known[root], list(_inside(where, paths))).targets

        def no_longer_judged(base: Path) -> tuple[list[str], list[Failure]]:
            found = list(judged_on_one_side(known.get(os.path.realpath(base), Deployments()), deployments, chosen))
            return [each for each in found if isinstance(each, str)], [each for each in found if isinstance(each, Failure)]

        return replace(session.comparison, head=discovery.targets, discover=targets, whole=True, no_longer_judged=no_longer_judged)


def _found(discover: Discover, where: Path, paths: Sequence[str]) -> Sequence[Target]:
    """The bare targets; none where there are only sources of applications."""
    try:
        return discover(where, paths)
    except UsageError:
        return ()


def _judged(session: Session, rows: Sequence[ListedSource]) -> frozenset[tuple[str, str]]:
    """The objects whose sources are judged. Of a chart that cannot be pulled, the object itself is all that there is to judge."""
    pulled = [row.target for row in rows if row.target and row.chart]
    outcomes = zip(pulled, each(session.render_early, pulled, session.jobs, session.renderer.stop), strict=True)
    failed = {target.name for target, outcome in outcomes if isinstance(outcome, RenderFailure)}
    rendered = (row for row in rows if row.target and row.target.name not in failed)
    return frozenset(name for row in rendered for name in _objects(row.application))


def _objects(application: Application) -> Iterator[tuple[str, str]]:
    yield application.kind, application.name
    if application.set:
        yield "ApplicationSet", application.set


class _Everything:
    """All targets of the repository, deployed ones in the place of bare ones."""

    def __init__(self, bare: Sequence[Target], deployments: Deployments) -> None:
        self._targets = (*(target for target in bare if target.name not in deployments.covered), *deployments.targets)

    def __call__(self) -> Sequence[Target]:
        return self._targets


def _place(field: Field) -> Location:
    """The nearest place by text alone: nothing is proven before the run begins."""
    return place_of(field, {}).location


def _inside(root: Path, paths: Sequence[str]) -> Iterator[str]:
    """The paths of a command line from the root, without standard input and what lies outside."""
    top = Path(os.path.realpath(root))
    for path in paths:
        full = Path(os.path.realpath(path))
        if path != "-" and full.is_relative_to(top):
            yield full.relative_to(top).as_posix()
