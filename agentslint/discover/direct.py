"""What one kustomization reads itself: its references, resolved on disk as kustomize resolves them.

Always a superset: what is missing counts, too, since its appearing would change the target.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Protocol

from agentslint.discover.charts import chart_entry, chart_paths
from agentslint.discover.fields import Fields, Reference
from agentslint.discover.kustomization import Chart, ImageEntry, Kustomization, is_inline, parse_plugin, read_chart, read_kustomization
from agentslint.discover.paths import is_link, read_regular
from agentslint.discover.remote import is_repository, is_url, read_repository
from agentslint.discover.repository import Repository
from agentslint.model import Base, HelmChartEntry, RemoteReference
from agentslint.yamlread import Node, YamlError, scalars

_LONGEST_PATH = 1024


@dataclass
class Direct:
    """Paths relative to the root, `children` (kustomizations that this one builds on) as absolute folders."""

    component: bool = False
    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    kustomizations: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    """Absolute paths of the resource files, in case that this is a folder of generators."""
    charts: list[HelmChartEntry] = field(default_factory=list)
    remotes: list[RemoteReference] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    images: list[ImageEntry] = field(default_factory=list)


class Kustomizations(Protocol):
    """The other kustomizations, by the real absolute path of their folder."""

    def file_names(self, folder: str) -> tuple[str, ...]:
        """Return the names of the kustomization files in a folder."""

    def direct(self, folder: str) -> Direct:
        """Return what the kustomization in a folder reads itself."""

    def reachable(self, folder: str) -> list[str]:
        """Return the folder and all that it builds on."""


class Reader:
    """Fills a `Direct` for the kustomization in one folder."""

    def __init__(self, repository: Repository, folder: str, into: Direct, others: Kustomizations) -> None:
        self._repository = repository
        self._folder = folder
        self._into = into
        self._others = others
        self._path = ""

    def read(self) -> None:
        """Read the kustomization; one that is broken reads nothing but itself, which the renderer will report."""
        for name in self._others.file_names(self._folder):
            full = f"{self._folder}/{name}"
            self._add(full)
            self._path = self._repository.relative(full) or full
            self._into.kustomizations.append(self._path)
            try:
                self._references(read_kustomization(read_regular(full), self._path))
            except (OSError, YamlError):
                continue

    def _references(self, found: Kustomization) -> None:
        self._into.component |= found.component
        self._into.images += found.images
        for reference in found.resources:
            self._resource(reference)
        for reference in found.components:
            self._base(reference)
        for reference in found.files:
            self._file(reference)
        for chart in found.charts:
            self._chart(chart, self._path)
        for reference in found.plugins:
            self._plugin(reference)

    def _resource(self, reference: Reference) -> None:
        """A file wins over a repository, and that over a folder (`accumulateResources` in api/internal/target/kusttarget.go)."""
        full = self._full(reference.text)
        if is_url(reference.text):
            self._remote(reference)
        elif os.path.isfile(full):
            self._add(full)
            self._into.resources.append(full)
        else:
            self._base(reference)

    def _base(self, reference: Reference) -> None:
        full = self._full(reference.text)
        if is_repository(reference.text):
            self._remote(reference)
        elif not os.path.isdir(full):
            self._add(full)
        elif self._others.file_names(real := self._repository.real_folder(full)):
            self._into.children.append(real)
        else:
            self._add_folder(real)

    def _file(self, reference: Reference) -> None:
        if is_url(reference.text):
            self._remote(reference, cloned=False)
        else:
            self._add(self._full(reference.text))

    def _remote(self, reference: Reference, *, cloned: bool = True) -> None:
        found = read_repository(reference.text) if cloned else None
        base = Base(found.address, found.revision or "HEAD", found.submodules) if found else None
        self._into.remotes.append(RemoteReference(self._path, reference.line, reference.text, reference.region, base))

    def _chart(self, chart: Chart, path: str) -> None:
        entry, folder = chart_entry(self._repository, self._folder, chart, path)
        self._into.charts.append(entry)
        if entry.present:
            self._add_folder(folder)
            for each in chart_paths(self._repository, folder):
                self._add(each)

    def _plugin(self, reference: Reference) -> None:
        """A plugin is configured in place, by a file, or by a kustomization's resources; its paths start in this folder in any case."""
        if is_inline(reference.text):
            self._configured(reference.text, self._path, reference.line)
            return
        self._resource(reference)
        full = self._full(reference.text)
        if os.path.isfile(full):
            self._plugin_file(full)
        elif self._others.file_names(real := self._repository.real_folder(full)):
            for folder in self._others.reachable(real):
                for file in self._others.direct(folder).resources:
                    self._plugin_file(file)

    def _plugin_file(self, full: str) -> None:
        try:
            self._configured(read_regular(full), self._repository.relative(full) or full)
        except OSError:
            return

    def _configured(self, content: str | bytes, path: str, line: int | None = None) -> None:
        try:
            documents = parse_plugin(content, path)
        except YamlError:
            return
        for document in documents:
            self._named_files(document)
            fields = Fields(document)
            if fields.text("kind") == "HelmChartInflationGenerator":
                self._chart(read_chart(fields, "", line), path)

    def _named_files(self, document: Node) -> None:
        """Whatever a plugin reads it names: take every text that is a file's path, or `key=path`."""
        for scalar in scalars(document):
            text = scalar.text.rpartition("=")[2]
            if text and len(text) <= _LONGEST_PATH and "\n" not in text and os.path.isfile(full := self._full(text)):
                self._add(full)

    def _full(self, text: str) -> str:
        return os.path.normpath(f"{self._folder}/{text}" if not text.startswith("/") else text)

    def _add(self, full: str) -> None:
        """Add a file under every name that a change of it may have: its own, and where links lead."""
        if os.path.isdir(full):
            self._add_folder(self._repository.real_folder(full))
            return
        folder, _, name = full.rpartition("/")
        real = f"{self._repository.real_folder(folder)}/{name}"
        for each in {full, real, os.path.realpath(full)} if is_link(full) else {full, real}:
            if path := self._repository.relative(each):
                self._into.files.add(path)

    def _add_folder(self, full: str) -> None:
        if path := self._repository.relative(full):
            self._into.folders.add(path)
