"""The applications of the repository's deployers: their sources, the sets that make them, and the targets that are judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from agentslint.deploy.listed import ListedSet, ListedSource
from agentslint.facts.environments import cluster_names
from agentslint.fleet.release_groups import Fleet
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Location, Target, TargetKind
from agentslint.model.application import DECLARED, Changes, DeployedSource

_OF_CLUSTERS = frozenset(("cluster", "clusters", "env", "envs", "environment", "environments", "overlays", "region", "regions"))


class Applications:
    """All `listed` sources of the repository, those that the paths of the run `selected`, and the sets that make applications."""

    def __init__(
        self, listed: Sequence[ListedSource], selected: Sequence[ListedSource], sets: Sequence[ListedSet], fleet: Fleet, root: Path
    ) -> None:
        # A target of the configuration is no application: what is wrong with it is wrong with the configuration.
        self.listed = tuple(row for row in listed if row.application.deployer != DECLARED[0])
        self.selected = tuple(row for row in selected if row.application.deployer != DECLARED[0])
        self.sets = tuple(sets)
        self.fleet = fleet
        self.root = root

    @cached_property
    def rendered(self) -> tuple[tuple[ListedSource, RenderedTarget], ...]:
        """The sources that are judged in this run, each with its rendered target."""
        targets = {rendered.target.name: rendered for rendered in self.fleet.targets}
        rows = sorted(self.listed, key=_order)
        return tuple((row, targets[row.target.name]) for row in rows if row.target and row.target.name in targets)

    def cluster_of(self, row: ListedSource) -> tuple[str, ...]:
        """What identifies the cluster of an application: its deployer, then the names and addresses that stand for it."""
        clusters = self.fleet.context.config.deploy.clusters
        own = row.application
        # Flux names the Secret with the access to a cluster, which lies beside its own object.
        beside = [f"in {own.namespace}"] if own.deployer == "flux" and own.destination.name else []
        return own.deployer, *beside, *sorted({each.rstrip("/") for each in cluster_names(own.destination, clusters)})

    def target_of(self, row: ListedSource) -> Target:
        """The target of a source, or one that stands for it in a finding."""
        if row.target:
            return row.target
        location = row.application.location
        deployed = DeployedSource(row.application, row.path, _not_rendered)
        return Target(deployed.name, TargetKind.DIRECTORY, self.root, location.path if location else ".", deployed=deployed)

    def target_of_set(self, found: ListedSet) -> Target:
        """A target that stands for a set in a finding."""
        return Target(f"{found.namespace}/{found.name}", TargetKind.MANIFESTS, self.root, found.location.path)

    def named_alike(self) -> Iterator[tuple[ListedSource, ListedSource]]:
        """Yield pairs of applications with one name in one namespace: the first of its name, and another object."""
        first: dict[tuple[str, str], ListedSource] = {}
        seen: set[tuple[object, ...]] = set()
        for row in sorted(filter(_is_made, self.listed), key=_order):
            known = first.setdefault(row.identity, row)
            own = (*row.identity, row.home, _position(row.location), row.application.set)
            if own not in seen and known is not row and _object(known) != _object(row):
                yield known, row
            seen.add(own)

    def are_apart(self, one: ListedSource, other: ListedSource) -> bool:
        """Whether two applications belong to different installations of their deployer: those of one cluster each, as far as that shows."""
        return any(
            (_below(one.home, left) and _below(other.home, right)) or (_below(one.home, right) and _below(other.home, left))
            for left, right in self._installations
        )

    @cached_property
    def _installations(self) -> frozenset[tuple[str, str]]:
        """Pairs of folders that hold an application of the same name for two clusters: one file below each, or one base of both."""
        return frozenset(found for one, other in self.named_alike() if (found := _two_clusters(one, other)))


def _two_clusters(one: ListedSource, other: ListedSource) -> tuple[str, str] | None:
    if one.application.set or other.application.set or one.home == other.home:
        return None
    mine, theirs = PurePosixPath(one.home).parts, PurePosixPath(other.home).parts
    common = next((number for number, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs)))
    folders = "/".join(mine[: common + 1]), "/".join(theirs[: common + 1])
    if one.manifest and other.manifest:
        return folders
    files = [PurePosixPath(each.application.location.path).name for each in (one, other) if each.application.location]
    named_for_clusters = bool(common) and mine[common - 1] in _OF_CLUSTERS
    return folders if named_for_clusters and len(set(files)) == 1 else None


def _object(row: ListedSource) -> tuple[object, ...]:
    return row.home, _position(row.location), row.application.set


def _is_made(row: ListedSource) -> bool:
    """Tell whether there is such an application: a set makes none of an element that is switched off, and is none itself."""
    return row.application.kind != "ApplicationSet" and (row.application.enabled or not row.application.set)


def _order(row: ListedSource) -> tuple[Any, ...]:
    where = row.location
    return (bool(row.application.set), where.path, where.region.start_line, where.region.start_column) if where else (True,)


def _position(location: Location | None) -> tuple[object, ...]:
    return (location.path, location.region) if location else ()


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _not_rendered(_changes: Changes) -> NoReturn:
    raise NotImplementedError("a source that is not judged is not rendered")
