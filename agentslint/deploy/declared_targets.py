"""The targets that the configuration declares (`[[targets]]`), as no object in the repository says how they are deployed."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence

from agentslint import files
from agentslint.config.schema import TargetTable
from agentslint.deploy.argo.argo_directory import JSONNET, directory_files
from agentslint.deploy.here import Here
from agentslint.deploy.listed import ListedSource, ProblemKind, SourceProblem
from agentslint.deploy.local_charts import chart_name, dependencies
from agentslint.discover.chart_file import CHART_FILE
from agentslint.model import Closure, HelmChartEntry, Location, Target, TargetKind
from agentslint.model.application import (
    DECLARED,
    Application,
    DeployedSource,
    Destination,
    DirectoryRecipe,
    HelmRecipe,
    InTree,
    KustomizeRecipe,
    Recipe,
)
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.places import nested_values

Where = Callable[..., Location]
"""The place of a key of a table in the configuration: its number, then keys, and a word in the value."""


class _TableError(Exception):
    """What is wrong with a table, and the key at which it is."""

    def __init__(self, message: str, key: str, word: str = "") -> None:
        super().__init__(message)
        self.message, self.key, self.word = message, key, word


def declared_sources(tables: Sequence[TargetTable], here: Here, where: Where, taken: frozenset[str]) -> list[ListedSource]:
    """Return a row for each table, with a target where there is one; `taken` are the names of other targets."""
    found: list[ListedSource] = []
    for number, table in enumerate(tables):
        one = _Declared(table, here, where(number))
        row = one.row()
        names = {each.application.name for each in found}
        if row.target and (one.name in names or (one.name in taken and one.name not in row.covers)):
            row = one.failed(f"another target is called {one.name}; give it another name", where(number, "name"))
        elif row.problem is None and row.target is None and one.error:
            row = one.failed(one.error.message, where(number, one.error.key, word=one.error.word))
        found.append(row)
    return found


class _Declared:
    def __init__(self, table: TargetTable, here: Here, location: Location) -> None:
        self.table = table
        self.here = here
        self.location = location
        self.key = "chart" if table.chart is not None else "folder"
        self.path = posixpath.normpath(table.chart or table.folder or ".")
        self.folder = "" if self.path == "." else self.path
        self.name = table.called
        self.error: _TableError | None = None
        self.application = Application(self.name, "", *DECLARED, destination=Destination(namespace=table.namespace), location=location)

    def row(self) -> ListedSource:
        """Return it with a target, or without one and with an error."""
        row = ListedSource(self.application, path=self.path, reason="declared in [[targets]]")
        try:
            target = self._target()
        except _TableError as error:
            self.error = error
            return ListedSource(self.application, path=self.path, reason=error.message)
        covers = frozenset(self._manifests() if target.kind is TargetKind.DIRECTORY else (self.path,))
        return ListedSource(row.application, path=row.path, reason=row.reason, target=target, covers=covers)

    def failed(self, message: str, location: Location) -> ListedSource:
        """Return the row of a table that makes no target."""
        problem = SourceProblem(message, location, kind=ProblemKind.CONFIGURATION)
        return ListedSource(self.application, path=self.path, reason=message, problem=problem)

    def _target(self) -> Target:
        if self.path.startswith(("../", "/")) or self.path == "..":
            raise _TableError(f"{self.path} lies outside of the repository", self.key)
        if not self.here.holds(self.folder):
            raise _TableError(f"there is no folder {self.path}", self.key)
        names = (CHART_FILE,) if self.table.chart is not None else KUSTOMIZATION_FILES
        file = next((path for path in self._paths(names) if os.path.lexists(self.here.root / path)), "")
        if self.table.chart is not None:
            return self._of_chart(file)
        return self._of_kustomization(file) if file else self._of_manifests()

    def _of_chart(self, file: str) -> Target:
        if not file:
            raise _TableError(f"{self.path} is not a chart: it has no {CHART_FILE}", self.key)
        table, values, needed = self.table, self._value_files(), dependencies(self.here.root, self.folder)
        recipe = HelmRecipe(
            release=table.release or re.sub(r"[^a-z0-9-]", "-", posixpath.basename(self.path).lower()).strip("-") or "release",
            chart=self.folder,
            arguments=tuple(self._arguments(values)),
            dependencies=needed.pulled,
            local_dependencies=needed.local,
        )
        entry = HelmChartEntry(
            self.location.path,
            self.location.region.start_line,
            chart_name(self.here.root, self.folder),
            recipe.release,
            directory=self.folder,
            present=True,
            value_files=tuple(values),
        )
        folders = frozenset((self.folder, *recipe.local_dependencies))
        return self._made(TargetKind.CHART, file, Closure(frozenset(values), folders, charts=(entry,)), recipe)

    def _arguments(self, values: Sequence[str]) -> Iterator[str | InTree]:
        table = self.table
        yield from ("--namespace", table.namespace) if table.namespace else ()
        yield from ("--include-crds",) if table.include_crds else ()
        for path in values:
            yield from ("--values", InTree(path))
        for way, item in nested_values(table.set):
            yield from ("--set-json", f"{'.'.join(way)}={json.dumps(item, ensure_ascii=False)}")

    def _value_files(self) -> list[str]:
        found = []
        for written in self.table.values:
            path = posixpath.normpath(written)
            if path.startswith(("../", "/")):
                raise _TableError(f"value file {written} lies outside of the repository", "values", written)
            if not files.is_file_in(self.here.root, path):
                raise _TableError(f"there is no value file {written}", "values", written)
            found.append(path)
        return found

    def _of_kustomization(self, file: str) -> Target:
        repository = self.here.repository
        closure = self.here.graph.closure(repository.real_folder(repository.full(self.folder)))
        return self._made(TargetKind.KUSTOMIZATION, file, closure, KustomizeRecipe(self.folder))

    def _of_manifests(self) -> Target:
        found = self._manifests()
        if not found:
            raise _TableError(f"{self.path} holds neither a kustomization nor a manifest", self.key)
        return self._made(TargetKind.DIRECTORY, found[0], Closure(frozenset(found)), DirectoryRecipe(found))

    def _manifests(self) -> tuple[str, ...]:
        said = {"directory": {"recurse": self.table.recurse}}
        return tuple(path for path in directory_files(said, self.folder, self.here.root) if not path.endswith(JSONNET))

    def _made(self, kind: TargetKind, file: str, closure: Closure, recipe: Recipe) -> Target:
        deployed = DeployedSource(self.application, self.path, lambda changes: recipe)
        return Target(self.name, kind, self.here.root, file, closure, deployed)

    def _paths(self, names: Sequence[str]) -> Iterator[str]:
        return (posixpath.join(self.folder, name) for name in names)
