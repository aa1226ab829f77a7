"""The paths that a user gave -> targets."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from agentslint import files
from agentslint.discover.direct import Direct
from agentslint.discover.graph import Graph
from agentslint.discover.listing import Excluded, Listing, Neighbourhood, excluder
from agentslint.discover.manifest_files import is_manifest
from agentslint.discover.passed_over import ReadFiles, skipped_charts, skipped_manifests
from agentslint.discover.repository import Repository
from agentslint.errors import UsageError
from agentslint.model import Closure, Failure, Target, TargetKind
from agentslint.model.skipped import Skipped, SkippedKind, some
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.paths import ancestors, is_link, parent
from agentslint.record import Record


class DiscoverConfig(Struct, frozen=True):
    """`exclude` holds patterns in gitignore's syntax, relative to the root."""

    exclude: tuple[str, ...] = ()


class BelowTarget(Struct, frozen=True):
    """The kustomizations that one is made of, and how it changes their images."""

    targets: tuple[Target, ...] = ()
    is_changed: bool = False
    """Whether something is laid over them that may decide any image."""
    image_names: tuple[str, ...] = ()
    """The names of the `images:` entries that are laid over them."""


def _nothing_below(_target: Target) -> BelowTarget:
    return BelowTarget()


class Discovery(Record, frozen=True):
    """Targets by name, notes about paths that stand for none, and what could not be read."""

    not_compared: ClassVar[frozenset[str]] = frozenset(("below",))

    targets: tuple[Target, ...]
    notes: tuple[str, ...] = ()
    unread: Mapping[str, str] = {}
    """The notes about paths that no target reads, each with its path: a deployed target may read it."""
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    """Charts and manifests under the folders that no target reads."""
    source_files: tuple[str, ...] = ()
    """Files by which Argo CD overrides the deployments from their folders."""
    below: Callable[[Target], BelowTarget] = _nothing_below
    """What stands directly below a kustomization, in case that it does not render."""


def discover(
    paths: Sequence[str],
    *,
    root: Path,
    config: DiscoverConfig,
    all_kustomizations: bool = False,
    stdin_name: str = "<stdin>",
    nothing_passes: bool = False,
    may_be_empty: bool = False,
) -> Discovery:
    """Return the targets that `paths` stand for, each once, in the order of their names.

    - A folder: its kustomizations that no other one there refers to (with `all_kustomizations` all but Components), and
      the manifests that stand outside of kustomizations and charts. Where there is none of these (a folder of
      patches, a chart): the targets of the repository that read something in it.
    - A file: the targets of the repository that read it. Where none does: itself, if it is a kustomization or a
      manifest, else a note.
    - `-`: standard input, named `stdin_name`.

    A folder that is named is searched, even if git ignores it or it is a chart's. An excluded path stands for no target of its own,
    be it a file or a folder, by whatever name: a tool may pass all changed files.

    Raises UsageError for a path that does not exist or lies outside of the root, and where folders or excluded files were given and
    there is no target in any of them (unless `nothing_passes`, or in both cases it `may_be_empty`: deployers make targets of it).
    """
    selection = _Selection(Repository(root), excluder(config.exclude), all_kustomizations)
    folders = [path for path in paths if selection.take(path, stdin_name)]
    nothing = not selection.targets and not selection.repository.failures
    if nothing and selection.excluded and not (nothing_passes or may_be_empty):
        raise UsageError(f"there is nothing to lint: {'; '.join(dict.fromkeys(selection.notes))}")
    if nothing and folders and not selection.excluded and not may_be_empty:
        charts = [each.name for each in selection.skipped if each.kind is SkippedKind.CHART]
        hint = f"; no kustomization inflates the Helm chart {charts[0]}" if charts else ""
        passed = f" (`exclude` passes over {some(config.exclude)})" if config.exclude else ""
        raise UsageError(f"no kustomization and no manifest under {', '.join(folders)}{passed}{hint}")
    targets = sorted(selection.targets.values(), key=lambda target: target.name)
    return Discovery(
        tuple(targets),
        tuple(dict.fromkeys(selection.notes)),
        selection.unread,
        tuple(dict.fromkeys(selection.repository.failures)),
        tuple(each for each in dict.fromkeys(selection.skipped) if each.kind is SkippedKind.CHART or each.name not in selection.targets),
        tuple(dict.fromkeys(selection.source_files)),
        selection.below,
    )


class _Selection:
    """Collects targets path by path."""

    def __init__(self, repository: Repository, excluded: Excluded, all_kustomizations: bool) -> None:
        self.repository = repository
        self.targets: dict[str, Target] = {}
        self.notes: list[str] = []
        self.unread: dict[str, str] = {}
        self.skipped: list[Skipped] = []
        self.source_files: list[str] = []
        self.excluded: list[str] = []
        """Paths that were given, are excluded, and stand for no target."""
        self._root = Path(repository.root)
        self._graph = Graph(repository)
        self._surroundings = Neighbourhood(repository)
        self._excluded = excluded
        self._all = all_kustomizations
        self._built: dict[str, Target] = {}
        self._looked_at: set[str] = set()
        self._reported: set[str] = set()
        """Files of which a failure or a note says why they are no target."""

    def below(self, target: Target) -> BelowTarget:
        """Return the kustomizations that a target is made of; Components are none that could be built."""
        if target.kind is not TargetKind.KUSTOMIZATION:
            return BelowTarget()
        laid_over = self._with_components(self.repository.real_folder(str(target.folder)))
        listed = dict.fromkeys(child for direct in laid_over for child in direct.children)
        children = [child for child in listed if not self._graph.direct(child).component]
        inside = [child for child in children if (path := self.repository.relative(child)) is not None and not self._excluded(f"{path}/")]
        names = tuple(dict.fromkeys(entry.name for direct in laid_over for entry in direct.images))
        # Nobody knows here what a Component does that cannot be read.
        is_changed = any(direct.changes for direct in laid_over) or any(direct.unread or direct.unclear for direct in laid_over[1:])
        return BelowTarget(tuple(map(self._kustomization, inside)), is_changed, names)

    def _with_components(self, folder: str) -> list[Direct]:
        """The kustomization in a folder and all Components that it uses, also by way of others."""
        folders = [folder]
        for each in folders:
            folders += [component for component in self._graph.direct(each).components if component not in folders]
        return [self._graph.direct(each) for each in folders]

    def take(self, given: str, stdin_name: str) -> bool:
        """Add what one path stands for; tells whether it is a folder."""
        if given == "-":
            self._add(Target(stdin_name, TargetKind.STREAM, self._root, stdin_name))
            return False
        path = self.repository.locate(given)
        full = self.repository.full(path)
        if os.path.isdir(full):
            self._folder(path, given)
            return True
        if not os.path.isfile(full):
            raise UsageError(f"{given} is neither a file nor a folder")
        self._file(path)
        return False

    def _folder(self, folder: str, given: str) -> None:
        excluded = bool(folder) and self._excluded(f"{folder}/")
        found = [] if excluded else self._under(folder)
        if not found and folder:
            found = [*self._unlisted(folder), *(target for target in self._of_repository if target.closure.reads_in(folder))]
        if not found and excluded:
            self.excluded.append(folder)
            self._note_unread(folder, f"{given}: excluded by the configuration, and no target reads anything in it")
        elif not found:
            self._note_unread(folder, f"{given}: no kustomization and no manifest, and no target reads anything in it")
            self._skip_chart(folder)
        for target in found:
            self._add(target)

    def _under(self, folder: str) -> list[Target]:
        listing = Listing(self.repository, folder, self._excluded)
        full = self.repository.full(folder)
        kustomizations = self._kustomizations(listing, full if self._graph.file_names(full) else None)
        self._refuse_strays(listing)
        alone = [path for path in listing.files if self._surroundings.stand_alone(path)]
        named = frozenset[str]().union(*(target.closure.files for target in kustomizations))
        whole = [target.closure for target in kustomizations if target.closure.folders]
        unread = [path for path in alone if path not in named and not any(closure.reads(path) for closure in whole)]
        others = frozenset(unread)
        self._pass_over(listing, kustomizations)
        self._looked_at.add(folder)
        behind = [target for each in listing.linked if each not in self._looked_at for target in self._under(each)]
        behind = [target for target in behind if not any(one.closure.reads(target.file) for one in kustomizations)]
        return [*kustomizations, *(self._plain(path) for path in unread if self._holds_manifest(path, others)), *behind]

    def _unlisted(self, folder: str) -> list[Target]:
        """The manifests of a folder that no kustomization lists: the folder was named, so they are linted on their own."""
        inside = [each for each in self.skipped if each.kind is SkippedKind.MANIFEST and f"{each.name}/".startswith(f"{folder}/")]
        self.skipped = [each for each in self.skipped if each not in inside]
        return [self._plain(each.name) for each in inside]

    def _pass_over(self, listing: Listing, targets: list[Target]) -> None:
        """Note the charts, manifests and Components that no target of the repository reads."""

        self.source_files += listing.source_files
        read = ReadFiles(self.repository, targets)
        charts = [folder for folder in listing.charts if not read.chart(folder)]
        below = [path for path in listing.files if not self._surroundings.stand_alone(path) and not read(path)]
        if charts or below:
            everywhere = ReadFiles(self.repository, self._of_repository)
            self.skipped += skipped_charts(self.repository, listing, everywhere)
            self.skipped += skipped_manifests(self.repository, (path for path in below if not everywhere(path)))
        components = [each for each in listing.kustomizations if self._graph.direct(self.repository.full(each)).component]
        everything = (*targets, *self._of_repository) if components else ()
        used = {parent(path) for target in everything for path in target.closure.kustomizations}
        self.skipped += (Skipped(SkippedKind.COMPONENT, each or ".") for each in components if each not in used)

    def _refuse_strays(self, listing: Listing) -> None:
        """A folder of manifests may be behind such a link: without a failure it would go unnoticed."""
        for path, leads in listing.strays.items():
            if self._surroundings.stand_alone(path):
                why = f"it leads out of the repository, to {leads}; remove the link, or exclude it in .agentslint.toml"
                self.repository.failures.append(Failure(f"{path} cannot be read: {why}"))

    def _kustomizations(self, listing: Listing, given: str | None) -> list[Target]:
        """The kustomizations of a listing that count; `given` is the one that the user named by its folder."""
        listed = {self.repository.full(each) for each in listing.kustomizations} - {given}
        if self._all:
            chosen = sorted(each for each in listed if not self._graph.direct(each).component)
            chosen += [given] if given else []
        else:
            chosen = self._graph.roots(listed, given)
        return [self._kustomization(each) for each in chosen]

    def _file(self, path: str) -> None:
        found = self._readers(path)
        if not found and self._excluded(path):
            self.excluded.append(path)
            self._note_unread(path, f"{path}: excluded by the configuration, and no target reads it")
        elif not found and path.rpartition("/")[2] in KUSTOMIZATION_FILES:
            found = [self._kustomization(self.repository.full(parent(path)))]
        elif not found and self._holds_manifest(path):
            found = [self._plain(path)]
        elif not found and path not in self._reported:
            self._note_unread(path, f"{path}: no target reads it")
            self._skip_chart(path)
        for target in found:
            self._add(target)

    def _note_unread(self, path: str, note: str) -> None:
        self.notes.append(note)
        self.unread[note] = path

    def _skip_chart(self, path: str) -> None:
        """Note the chart around a path if no target reads it."""
        folders = [each for each in ancestors(path) if self.repository.holds_chart(each)]
        self.skipped += (Skipped(SkippedKind.CHART, folder or ".") for folder in folders[-1:])

    def _readers(self, path: str) -> list[Target]:
        """The targets that read a file, be it by its own name or by that to which it links."""
        linked = self.repository.relative(os.path.realpath(self.repository.full(path)))
        names = [path] if linked is None else [path, linked]
        return [target for target in self._of_repository if any(target.closure.reads(name) for name in names)]

    @cached_property
    def _of_repository(self) -> list[Target]:
        """The targets of the whole repository, as far as they read other files."""
        return self._kustomizations(Listing(self.repository, "", self._excluded), None)

    def _holds_manifest(self, path: str, others: frozenset[str] = frozenset()) -> bool:
        """Tell whether a file is a manifest of its own; a link to one of `others` is not, as that one is looked at itself."""
        full = self.repository.full(path)
        try:
            if is_link(full) and not self._is_followed(path, full, others):
                return False
            # A link that leads out of the repository is refused here: what it holds was not checked.
            return is_manifest(files.read_in(self.repository.root, full))
        except OSError as error:
            # git still lists what was deleted, and a folder is looked at by its files.
            if os.path.lexists(full) and not os.path.isdir(full):
                self.repository.fail(path, error)
                self._reported.add(path)
            return False

    def _is_followed(self, path: str, full: str, others: frozenset[str]) -> bool:
        linked = self.repository.relative(os.path.realpath(full))
        return linked == path or linked not in others

    def _kustomization(self, full: str) -> Target:
        known = self._built.get(full)
        if known is None:
            folder = self.repository.relative(full) or "."
            closure = self._graph.closure(full)
            known = Target(folder, TargetKind.KUSTOMIZATION, self._root, closure.kustomizations[0], closure)
            self._built[full] = known
        return known

    def _plain(self, path: str) -> Target:
        return Target(path, TargetKind.MANIFESTS, self._root, path, Closure(files=frozenset((path,))))

    def _add(self, target: Target) -> None:
        self.targets[target.name] = target
