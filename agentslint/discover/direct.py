"""The direct reads of one kustomization: its references, resolved on disk as kustomize resolves them.

Always a superset: what is missing counts, too, since its appearing would change the target.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
from typing import Protocol

from msgspec import Struct

from agentslint import files
from agentslint.discover.chart_folders import below, chart_entry
from agentslint.discover.kustomization import (
    Chart,
    ImageEntry,
    Kustomization,
    decoded,
    is_inline,
    parse_plugin,
    read_chart,
    read_kustomization,
)
from agentslint.discover.lenient_mapping import Fields, PathReference
from agentslint.discover.plugins import configurations, loaded, texts
from agentslint.discover.remote import is_repository, is_url, read_repository
from agentslint.discover.repository import Repository
from agentslint.model import Base, HelmChartEntry, RemoteReference, Unclear, Unread
from agentslint.paths import is_link
from agentslint.yamlread import Node, YamlError, scalars

_LONGEST_PATH = 1024
_WORD = re.compile(r"[\w.][\w./-]{0,255}")
_MOST_WORDS = 1000
_MAY_BE_ADDRESS = re.compile(r"://|github|@|\\|!!|!<", re.I)


class Direct(Struct):
    """Paths relative to the root, `children` (kustomizations that this one builds on) as absolute folders."""

    component: bool = False
    files: set[str] = set()
    folders: set[str] = set()
    kustomizations: list[str] = []
    resources: list[str] = []
    """Absolute paths of the resource files, in case that this is a folder of generators."""
    charts: list[HelmChartEntry] = []
    remotes: list[RemoteReference] = []
    children: list[str] = []
    images: list[ImageEntry] = []
    components: list[str] = []
    """Those of the children that are listed as Components."""
    changes: bool = False
    """Whether it lays something over its resources that may decide any image; `images` and `components` tell of theirs."""
    unread: dict[str, Unread] = {}
    unclear: list[Unclear] = []


class KustomizationSource(Protocol):
    """The other kustomizations, by the real absolute path of their folder."""

    def file_names(self, folder: str) -> tuple[str, ...]:
        """Return the names of the kustomization files in a folder."""

    def direct(self, folder: str) -> Direct:
        """Return what the kustomization in a folder reads itself."""

    def reachable(self, folder: str) -> list[str]:
        """Return the folder and all that it builds on."""


class Reader:
    """Fills a `Direct` for the kustomization in one folder."""

    def __init__(self, repository: Repository, folder: str, into: Direct, others: KustomizationSource) -> None:
        self._repository = repository
        self._folder = folder
        self._into = into
        self._others = others
        self._path = ""

    def read(self) -> None:
        """Read the kustomization; one that is broken reads nothing but itself, which the renderer will report."""
        for name in self._others.file_names(self._folder):
            full = f"{self._folder}/{name}"
            self._path = self._repository.relative(full) or full
            self._into.kustomizations.append(self._path)
            try:
                self._add(full)
                self._read(full)
            except Exception as error:
                # Whatever it is, it is this kustomization's trouble and keeps no other one from being read.
                self._refuse(f"cannot be read: {type(error).__name__}: {error}")

    def _read(self, full: str) -> None:
        if why := self._repository.unread(full):
            self._refuse(why)
            return
        try:
            content = files.read_in(self._repository.root, full, files.KUSTOMIZATION)
        except OSError as error:
            self._refuse(f"cannot be read: {error.strerror}")
            return
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._refuse("is UTF-16, which kustomize reads and agentslint does not: save it as UTF-8")
            return
        try:
            found = read_kustomization(content, self._path)
        except YamlError as error:
            self._note_unclear(content, self._path, error)
            self._guess(content)
            return
        self._references(found)

    def _guess(self, content: bytes) -> None:
        """Take every word of a kustomization that nobody can read for a base, if it is one: what is laid over it is not known."""
        words = dict.fromkeys(_WORD.findall(decoded(content)))
        for word in list(words)[:_MOST_WORDS]:
            full = self._full(word)
            real = self._repository.real_folder(full) if os.path.isdir(full) else self._folder
            if not f"{self._folder}/".startswith(f"{real}/") and self._others.file_names(real):
                self._into.children.append(real)
                self._into.changes = True

    def _refuse(self, why: str, line: int = 1) -> None:
        """Without this kustomization there is nothing to render."""
        self._into.unread.setdefault(self._path, Unread(self._path, why, self._path, line, fatal=True))

    def _is_refused(self, reference: PathReference, full: str) -> bool:
        """Note a path that is not to be read, with the entry that names it; tells whether it is one."""
        why = self._repository.unread(full)
        if why:
            path = self._repository.relative(full)
            # A path that leads out without any link does so in a staged copy, too: there is no render without it.
            unread = Unread(path or full, why, self._path, reference.line, fatal=path is None)
            self._into.unread.setdefault(unread.path, unread)
        return bool(why)

    def _references(self, found: Kustomization) -> None:
        self._into.component |= found.component
        if found.nul:
            self._refuse("names a path with a NUL character", found.nul)
            return
        self._into.images += found.images
        self._into.changes |= found.changes
        for reference in found.resources:
            self._resource(reference)
        for reference in found.components:
            self._component(reference)
        for reference in found.files:
            self._file(reference)
        for chart in found.charts:
            self._chart(chart, self._path)
        for reference in found.plugins:
            self._plugin(reference)

    def _resource(self, reference: PathReference) -> None:
        """A file wins over a repository, and that over a folder (`accumulateResources` in api/internal/target/kusttarget.go).

        A file that cannot be taken, be it broken or its objects known already, loses to the repository that it is named like.
        """
        full = self._full(reference.text)
        if is_url(reference.text):
            self._remote(reference)
        elif os.path.isfile(full):
            self._add(full, reference)
            self._into.resources.append(full)
            if is_repository(reference.text) and not self._holds_objects(full):
                self._remote(reference)
        else:
            self._base(reference)

    def _base(self, reference: PathReference) -> None:
        full = self._full(reference.text)
        if is_repository(reference.text):
            self._remote(reference)
        elif not os.path.isdir(full):
            self._add(full, reference)
        elif self._is_refused(reference, full):
            return
        elif self._others.file_names(real := self._repository.real_folder(full)):
            self._into.children.append(real)
        else:
            self._add_folder(real)

    def _component(self, reference: PathReference) -> None:
        known = len(self._into.children)
        self._base(reference)
        found = self._into.children[known:]
        self._into.components += found
        # Nobody knows here what one does that is remote or missing.
        self._into.changes |= not found

    def _file(self, reference: PathReference) -> None:
        if is_url(reference.text):
            self._remote(reference, cloned=False)
            return
        full = self._full(reference.text)
        path = self._repository.relative(full)
        if path and os.path.isdir(full) and not self._repository.unread(full):
            # kustomize reads a file here, or nothing.
            self._into.unread.setdefault(path, Unread(path, "is a folder, not a file", self._path, reference.line, fatal=True))
        else:
            self._add(full, reference)

    def _remote(self, reference: PathReference, *, cloned: bool = True) -> None:
        found = read_repository(reference.text) if cloned else None
        base = Base(found.address, found.revision or "HEAD", found.submodules) if found else None
        self._into.remotes.append(RemoteReference(self._path, reference.line, reference.text, reference.region, base))

    def _chart(self, chart: Chart, path: str) -> None:
        entry, folder = chart_entry(self._repository, self._folder, chart, path)
        self._into.charts.append(entry)
        if entry.present and not self._is_refused(PathReference(chart.name, chart.line), folder):
            real = self._repository.real_folder(folder)
            self._add_folder(folder)
            self._add(real)
            found = below(self._repository, real)
            for each in found.linked:
                self._add(each)
            for unread in found.unread:
                self._into.unread.setdefault(unread.path, unread)

    def _plugin(self, reference: PathReference) -> None:
        """A plugin is configured in place, by a file, or by a kustomization's resources; its paths start in this folder in any case."""
        if is_inline(reference.text):
            self._configured(reference.text, self._path, reference.line)
            return
        self._resource(reference)
        full = self._full(reference.text)
        if self._repository.unread(full):
            return
        if os.path.isfile(full):
            self._plugin_file(full)
            return
        self._may_inflate_any_chart()
        if self._others.file_names(real := self._repository.real_folder(full)):
            for folder in self._others.reachable(real):
                direct = self._others.direct(folder)
                for file in direct.resources:
                    self._plugin_file(file)
                for path in direct.files - {self._repository.relative(file) for file in direct.resources}:
                    self._plugin_patch(path)

    def _may_inflate_any_chart(self) -> None:
        """A kustomization may generate plugins, or patch them: which charts of this folder they inflate shows in the render alone.

        The render has a copy then, in which there is nothing but what is read here.
        """
        path = self._repository.relative(self._folder) or "."
        self._into.unread.setdefault(f"{path}/.git", Unread(f"{path}/.git", ""))
        with contextlib.suppress(OSError):
            for name in os.listdir(self._folder):
                full = f"{self._folder}/{name}"
                if name != ".git" and not self._repository.unread(full):
                    self._add(full)
        found = below(self._repository, self._folder)
        for each in found.linked:
            self._add(each)
        for unread in found.unread:
            self._into.unread.setdefault(unread.path, unread)

    def _plugin_patch(self, path: str) -> None:
        """A folder of plugins may put a URL into any field of them: take every text that is a URL."""
        with contextlib.suppress(OSError, YamlError):
            for document in parse_plugin(self._read_in(path), path):
                for reference in texts(document):
                    self._remote_text(reference, path)

    def _remote_text(self, reference: PathReference, path: str) -> None:
        if is_url(reference.text):
            self._into.remotes.append(RemoteReference(path, reference.line, reference.text, reference.region))
        elif "://" in reference.text and is_inline(reference.text):
            with contextlib.suppress(YamlError):
                for document in parse_plugin(reference.text, path):
                    inner = (each for each in texts(document) if is_url(each.text))
                    self._into.remotes += (RemoteReference(path, reference.line, each.text) for each in inner)

    def _plugin_file(self, full: str) -> None:
        with contextlib.suppress(OSError):
            self._configured(self._read_in(full), self._repository.relative(full) or full)

    def _configured(self, content: str | bytes, path: str, line: int | None = None) -> None:
        try:
            documents = parse_plugin(content, path)
        except YamlError as error:
            self._note_unclear(content, path, error, line)
            return
        for document in documents:
            self._named_files(document, line)
            for plugin in configurations(document):
                self._plugged(Fields(plugin), path, line)

    def _plugged(self, plugin: Fields, path: str, line: int | None) -> None:
        for entry in loaded(plugin):
            if is_url(entry.text):
                region = entry.region if line is None else None
                self._into.remotes.append(RemoteReference(path, line or entry.line, entry.text, region))
        if plugin.text("kind") == "HelmChartInflationGenerator":
            self._chart(read_chart(plugin, "", line), path)

    def _note_unclear(self, content: str | bytes, path: str, error: YamlError, line: int | None = None) -> None:
        addresses = _MAY_BE_ADDRESS.search(decoded(content))
        self._into.unclear.append(Unclear(path, line or error.line, error.message, addresses is not None))

    def _holds_objects(self, full: str) -> bool:
        """Tell whether kustomize takes a file as resources, as far as one can see from the file alone."""
        try:
            documents = [Fields(node) for node in parse_plugin(self._read_in(full), full)]
        except (OSError, YamlError):
            return False
        inside = self._repository.real_folder(full).startswith(f"{self._folder}/")
        return inside and bool(documents) and all(fields.text("kind") and fields.nested("metadata") for fields in documents)

    def _read_in(self, path: str) -> bytes:
        return files.read_in(self._repository.root, path)

    def _named_files(self, document: Node, line: int | None) -> None:
        """Whatever a plugin reads it names: take every text that is a file's path, or `key=path`."""
        for scalar in scalars(document):
            text = scalar.text.rpartition("=")[2]
            if text and len(text) <= _LONGEST_PATH and "\n" not in text and os.path.isfile(full := self._full(text)):
                self._add(full, PathReference(text, line or 1))

    def _full(self, text: str) -> str:
        return os.path.normpath(f"{self._folder}/{text}" if not text.startswith("/") else text)

    def _add(self, full: str, named: PathReference | None = None) -> None:
        """Add a file under every name that a change of it may have: its own, and where links lead."""
        if named and self._is_refused(named, full):
            self._add_names(full)
        elif os.path.isdir(full):
            self._add_folder(self._repository.real_folder(full))
        else:
            self._add_names(full)

    def _add_names(self, full: str) -> None:
        folder, _, name = full.rpartition("/")
        real = f"{self._repository.real_folder(folder)}/{name}"
        for each in {full, real, os.path.realpath(full)} if is_link(full) else {full, real}:
            if path := self._repository.relative(each):
                self._into.files.add(path)

    def _add_folder(self, full: str) -> None:
        if path := self._repository.relative(full):
            self._into.folders.add(path)
