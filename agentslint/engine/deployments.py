"""The applications of the repository's deployers, as they are listed, and the targets of a run that stand for them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial

from msgspec import Struct
from msgspec.structs import replace

from agentslint.deploy.listed import ListedSet, ListedSource
from agentslint.discover import Discovery
from agentslint.model import Closure, Failure, Target
from agentslint.model.skipped import Skipped, SkippedKind
from agentslint.paths import parent


class Deployments(Struct, frozen=True, dict=True):
    """All sources of applications, as they are listed, and the targets that are judged."""

    listed: tuple[ListedSource, ...] = ()
    selected: tuple[ListedSource, ...] = ()
    """Those that the paths of the run stand for."""
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    """Files and renderings that may hold further objects, and that cannot be read."""
    too_deep: tuple[Failure, ...] = ()
    """Applications whose own applications are not read, as nobody knows whether they would end."""
    sets: tuple[ListedSet, ...] = ()
    """The objects that make applications."""

    @property
    def targets(self) -> list[Target]:
        """The judged ones, each once: two objects of one name are two sources of one name."""
        found: dict[str, Target] = {}
        for each in self.listed:
            if each.target:
                found.setdefault(each.target.name, each.target)
        return list(found.values())

    @property
    def files(self) -> frozenset[str]:
        """The files with the objects that the paths of the run stand for."""
        places = (*(each.application.location for each in self.selected), *(each.location for each in self.sets))
        return frozenset(place.path for place in places if place)

    @cached_property
    def covered(self) -> frozenset[str]:
        """The paths of bare targets in whose place others are judged."""
        return frozenset[str]().union(*(each.covers for each in self.listed if each.is_judged))


def expanded(discovery: Discovery, deployments: Deployments, paths: Sequence[str], names: Sequence[str]) -> Discovery:
    """Return the targets of a run with the judged sources in the place of bare folders.

    `paths` are those of the run, from the root; `names` are the applications that it names.
    """
    chosen_rows = selected(deployments.listed, paths, names, discovery.unread.values())
    wanted = {row.target.name for row in chosen_rows if row.target}
    chosen = [target for target in deployments.targets if target.name in wanted]
    kept = [target for target in discovery.targets if target.deployed is not None or target.name not in deployments.covered]
    closures = [target.closure for target in deployments.targets]
    left = [each for each in discovery.skipped if not any(map(partial(_reads, each), closures))]
    targets = sorted((*kept, *chosen), key=lambda target: target.name)
    deep = [each for each in deployments.too_deep if each.target in wanted]
    unread = {note for note, path in discovery.unread.items() if not any(_reads_at(target.closure, path) for target in chosen)}
    own = (note for note in discovery.notes if note in unread or note not in discovery.unread)
    notes = (*own, *deployments.notes)
    return replace(discovery, targets=tuple(targets), skipped=tuple(left), notes=notes, failures=(*discovery.failures, *deep))


def selected(
    listed: Sequence[ListedSource], paths: Sequence[str], names: Sequence[str] = (), unread: Collection[str] = ()
) -> tuple[ListedSource, ...]:
    """Return the sources that are named, or that paths stand for: by their folder, their deployer's file, or what they read.

    What stands in the folders of `unread` stands for no target of its own: so they stand for those that read something in them.
    """
    return tuple(
        row
        for row in listed
        if any(map(row.is_named, names))
        or any(_is_row_selected(row, path) for path in paths)
        or any(row.target is not None and row.target.closure.reads_in(path) for path in unread)
    )


def judged_on_one_side(base: Deployments, head: Deployments, chosen: Sequence[ListedSource]) -> Iterator[str | Failure]:
    """Yield what is to be said of the applications that are judged at the base or at the head alone.

    If the deployer now refuses a source that it deployed, that is a failure; everything else is a note.
    """
    before = dict(_by_source(base.listed))
    ours = set(map(id, chosen))
    for key, row in _by_source(head.listed):
        name, was = row.application.id, before.get(key)
        if id(row) not in ours or was is None or was.is_judged == row.is_judged:
            continue
        if was.is_judged:
            message = f"was judged at the base and is not any more: {row.reason}"
            refused = row.problem is not None and row.problem.is_checked_out
            yield Failure(message, name, location=row.problem.location if row.problem else None) if refused else f"{name} {message}"
        else:
            yield f"{name} is judged, and was not at the base: {was.reason}"


def _by_source(rows: Iterable[ListedSource]) -> Iterator[tuple[tuple[object, ...], ListedSource]]:
    """Yield each row with a key that it has in another tree, too: its application, that one's folder, and the number of the source."""
    numbers: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        own = (*row.identity, row.application.kind, row.application.set, row.home)
        yield (*own, numbers[own]), row
        numbers[own] += 1


def selected_sets(sets: Sequence[ListedSet], paths: Sequence[str]) -> tuple[ListedSet, ...]:
    """Return the sets whose files paths of the command line stand for."""
    return tuple(each for each in sets if any(path in ("", ".") or f"{each.location.path}/".startswith(f"{path}/") for path in paths))


def _is_row_selected(row: ListedSource, path: str) -> bool:
    if row.target:
        return _is_selected(row.target, path, row.covers)
    where = row.application.location.path if row.application.location else ""
    return path in ("", ".") or any(f"{each}/".startswith(f"{path}/") for each in (where, row.path) if each)


def _reads(skipped: Skipped, closure: Closure) -> bool:
    if skipped.kind is SkippedKind.COMPONENT:
        return any((parent(path) or ".") == skipped.name for path in closure.kustomizations)
    path = {SkippedKind.CHART: f"{skipped.name}/Chart.yaml", SkippedKind.MANIFEST: skipped.name}.get(skipped.kind)
    return path is not None and closure.reads(path)


def _reads_at(closure: Closure, path: str) -> bool:
    return closure.reads(path) or closure.reads_in(path)


def _is_selected(target: Target, path: str, covers: Iterable[str]) -> bool:
    if path in ("", "."):
        return True
    deployed = target.deployed
    own = (target.path, *(deployed.deployer_files if deployed else ()), *covers)
    return any(f"{each}/".startswith(f"{path}/") for each in own if each) or (
        not os.path.isdir(target.root / path) and target.closure.reads(path)
    )
