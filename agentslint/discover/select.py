"""The paths that a user gave -> targets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agentslint import files
from agentslint.discover.graph import Graph
from agentslint.discover.kustomization import FILE_NAMES
from agentslint.discover.listing import Excluded, Listing, Neighbourhood, excluder
from agentslint.discover.manifest_files import is_manifest
from agentslint.discover.repository import Repository
from agentslint.errors import UsageError
from agentslint.model import Closure, Failure, Target, TargetKind
from agentslint.paths import is_link, parent


@dataclass(frozen=True)
class DiscoverConfig:
    """`exclude` holds patterns in gitignore's syntax, relative to the root."""

    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Discovery:
    """Targets by name, notes about paths that stand for none, and what could not be read."""

    targets: tuple[Target, ...]
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


def discover(
    paths: Sequence[str],
    *,
    root: Path,
    config: DiscoverConfig,
    all_kustomizations: bool = False,
    stdin_name: str = "<stdin>",
) -> Discovery:
    """Return the targets that `paths` stand for, each once, in the order of their names.

    - A folder: its kustomizations that no other one there refers to (with `all_kustomizations` all but Components), and
      the manifests that stand outside of kustomizations and charts. Where there is none of these (a folder of
      patches, a chart): the targets of the repository that read something in it.
    - A file: the targets of the repository that read it. Where none does: itself, if it is a kustomization or a
      manifest, else a note.
    - `-`: standard input, named `stdin_name`.

    Somebody who names a folder wants it looked at, be it ignored by git, excluded or a chart's. A file may come from
    a tool that passes all changed files, such as pre-commit: one that is excluded and that no target reads is a note.

    Raises UsageError for a path that does not exist or lies outside of the root, and where folders were given and nothing
    was found in any of them.
    """
    selection = _Selection(Repository(root), excluder(config.exclude), all_kustomizations)
    folders = [path for path in paths if selection.take(path, stdin_name)]
    if folders and not selection.targets and not selection.repository.failures:
        raise UsageError(f"no kustomization and no manifest under {', '.join(folders)}")
    targets = sorted(selection.targets.values(), key=lambda target: target.name)
    return Discovery(tuple(targets), tuple(dict.fromkeys(selection.notes)), tuple(dict.fromkeys(selection.repository.failures)))


class _Selection:
    """Collects targets path by path."""

    def __init__(self, repository: Repository, excluded: Excluded, all_kustomizations: bool) -> None:
        self.repository = repository
        self.targets: dict[str, Target] = {}
        self.notes: list[str] = []
        self._root = Path(repository.root)
        self._graph = Graph(repository)
        self._surroundings = Neighbourhood(repository)
        self._excluded = excluded
        self._all = all_kustomizations
        self._built: dict[str, Target] = {}
        self._reported: set[str] = set()
        """Files of which a failure or a note says why they are no target."""

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
        found = self._under(folder)
        if not found and folder:
            found = [target for target in self._of_repository if _reads_in(target.closure, folder)]
        if not found:
            self.notes.append(f"{given}: no kustomization and no manifest, and no target reads anything in it")
        for target in found:
            self._add(target)

    def _under(self, folder: str) -> list[Target]:
        listing = Listing(self.repository, folder, self._excluded)
        full = self.repository.full(folder)
        kustomizations = self._kustomizations(listing, full if self._graph.file_names(full) else None)
        self._refuse_strays(listing)
        alone = [path for path in listing.files if self._surroundings.stand_alone(path)]
        unread = [path for path in alone if not any(target.closure.reads(path) for target in kustomizations)]
        others = frozenset(unread)
        return kustomizations + [self._plain(path) for path in unread if self._holds_manifest(path, others)]

    def _refuse_strays(self, listing: Listing) -> None:
        """A folder of manifests may be behind such a link, and nobody would know that it was not checked."""
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
            self.notes.append(f"{path}: excluded by the configuration, and no target reads it")
        elif not found and path.rpartition("/")[2] in FILE_NAMES:
            found = [self._kustomization(self.repository.full(parent(path)))]
        elif not found and self._holds_manifest(path):
            found = [self._plain(path)]
        elif not found and path not in self._reported:
            self.notes.append(f"{path}: no target reads it")
        for target in found:
            self._add(target)

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


def _reads_in(closure: Closure, folder: str) -> bool:
    """Tell whether a target reads something in a folder."""
    prefix = folder + "/"
    return closure.reads(prefix) or any(path.startswith(prefix) for path in (*closure.files, *closure.folders))
