"""Authored text: every document and scalar of the files that a target reads.

Each scalar has its place and a key path that survives line moves.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.authorship.given_names import GivenNames, as_deployed
from agentslint.model import Location, Manifest, Pointer, Region, Target
from agentslint.model.listed_manifests import items
from agentslint.places import by_name, follow, name_of
from agentslint.yamlread import Scalar, YamlError, compose, node_at, scalars, value

__all__ = ["Authored", "Document", "FileDocuments", "by_name", "follow_names", "narrowed"]

_SUFFIXES = (".yaml", ".yml", ".json")


class Document(Struct, frozen=True, dict=True):
    """One YAML document of a file of the repository, or an item of a `List` in one: then `prefix` leads to it in the `outer` document."""

    path: str
    node: Any
    prefix: Pointer = ()
    outer: Document | None = None

    @cached_property
    def body(self) -> Any:
        """The document as plain objects."""
        return value(self.node)

    @cached_property
    def scalars(self) -> tuple[Scalar, ...]:
        """Its scalars, in the order in which they are written."""
        return tuple(scalars(self.node))

    @property
    def resource(self) -> tuple[str, str]:
        """(kind, name), empty where the document is no manifest."""
        body = self.body
        metadata = body.get("metadata") if isinstance(body, Mapping) else None
        if isinstance(metadata, Mapping) and body.get("kind"):
            return str(body["kind"]), str(metadata.get("name", ""))
        return "", ""

    @cached_property
    def manifests(self) -> tuple[Document, ...]:
        """The document itself, or the items of a list of manifests."""
        if not isinstance(self.body, Mapping):
            return (self,)
        try:
            inner = [(prefix, node_at(self.node, prefix)) for prefix, _ in items(self.body)]
        except YamlError:
            return (self,)
        return tuple(Document(self.path, node, prefix, self) if prefix else self for prefix, node in inner if node is not None)

    def location(self, scalar: Scalar, message: str = "") -> Location:
        """The place of a scalar."""
        if self.outer:
            return self.outer.location(replace(scalar, pointer=(*self.prefix, *scalar.pointer)), message)
        kind, name = self.resource
        is_of_kustomize = kind in ("Kustomization", "Component") and ".fluxcd.io/" not in str(self.body.get("apiVersion"))
        owner: Pointer = (f"{kind}/{name}",) if kind and not is_of_kustomize else ()
        return Location(self.path, scalar.region, message, (*owner, *by_name(self.body, scalar.pointer)))


class Authored:
    """The documents of a target's closure, read once, when first asked for."""

    def __init__(self, target: Target, documents: FileDocuments) -> None:
        self.target = target
        self._read = documents

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Every document of the files that the target reads by name (charts are read as folders and not looked into)."""
        return tuple(document for path in sorted(self.target.closure.files) for document in self._read(self.target.root, path))

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a file."""
        return self._read.lines(self.target.root, path)

    @cached_property
    def kustomizations(self) -> tuple[Document, ...]:
        """The kustomization files."""
        return tuple(document for path in sorted(self.target.closure.kustomizations) for document in self._read(self.target.root, path))

    @cached_property
    def names(self) -> GivenNames:
        """The names that the kustomizations give to authored ones."""
        bodies = as_deployed(self.target, {document.path: document.body for document in self.kustomizations})
        return GivenNames(self.target.file, bodies, lambda path: (document.body for document in self._read(self.target.root, path)))

    @cached_property
    def resource_files(self) -> frozenset[str]:
        """Files that a kustomization, or a deployer, lists as resources: what is in them is deployed as it stands."""
        taken = self.target.deployed.resources if self.target.deployed else frozenset[str]()
        return taken.union(
            posixpath.normpath(posixpath.join(posixpath.dirname(document.path), str(entry)))
            for document in self.kustomizations
            if isinstance(document.body, Mapping)
            for key in ("resources", "bases")
            for entry in document.body.get(key) or ()
        )

    @cached_property
    def overriding(self) -> tuple[Document, ...]:
        """Documents that decide over others: kustomizations, values files, patches; not the resources themselves, which may be long.

        A plain manifest has none: nothing stands above it.
        """
        plain = not self.target.is_built
        paths = [] if plain else sorted(self.target.closure.files - self.resource_files)
        return tuple(document for path in paths for document in self._read(self.target.root, path))

    @cached_property
    def settings(self) -> tuple[tuple[Document, Scalar], ...]:
        """Their scalars."""
        return tuple((document, scalar) for document in self.overriding for scalar in document.scalars)

    def manifests_like(self, manifest: Manifest, rendered: Iterable[Manifest] = ()) -> Iterator[Document]:
        """Yield the authored documents of the same kind and name, with what kustomize puts around the name.

        Where a patch gave it another name it is the one of its kind that stands for none of the other `rendered` manifests.
        """
        root, kind = self.target.root, manifest.kind
        paths = (path for path in sorted(self.target.closure.files) if self._read.mentions(root, path, kind))
        documents = (each for path in paths for document in self._read(root, path) for each in document.manifests)
        same = [document for document in documents if document.resource[0] == kind and document.resource[1]]
        given = [document for document in same if self._may_be(document, manifest)]
        found = given or [document for document in same if document.resource[1] == manifest.name]
        yield from found
        if not any(document.path in self.resource_files for document in found):
            yield from self._renamed(manifest, same, rendered)

    def lists(self, manifest: Manifest) -> bool:
        """Tell whether a manifest is listed as a resource of the repository."""
        return any(document.path in self.resource_files for document in self.manifests_like(manifest))

    def may_stand_in(self, path: str, region: Region, manifest: Manifest) -> bool:
        """Tell whether a place is in the document of a manifest, or in no manifest at all."""
        documents = (each for document in self._read(self.target.root, path) for each in document.manifests)
        here = next((each for each in documents if any(scalar.region == region for scalar in each.scalars)), None)
        if here is None or not here.resource[1]:
            return True
        return here.resource[0] == manifest.kind and self._may_be(here, manifest)

    def _may_be(self, document: Document, manifest: Manifest) -> bool:
        return self.names.may_be(document.path, document.resource[1], manifest.name)

    def _renamed(self, manifest: Manifest, same: Iterable[Document], rendered: Iterable[Manifest]) -> list[Document]:
        taken = [other for other in rendered if other.kind == manifest.kind and other is not manifest]
        resources = [document for document in same if document.path in self.resource_files]
        left = [document for document in resources if not any(self._may_be(document, other) for other in taken)]
        alike = [document for document in left if document.body.get("spec") == manifest.body.get("spec")]
        return next((found for found in (left, alike) if len(found) == 1), [])


class FileDocuments:
    """Reads files into documents; a file that several targets read is read once."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Document, ...]] = {}
        self._lines: dict[Path, list[str]] = {}
        self._texts: dict[Path, bytes] = {}

    def __call__(self, root: Path, path: str) -> tuple[Document, ...]:
        """Return the documents of a file; none where it is no YAML that can be read (the renderer has judged it)."""
        full = root / path
        if full not in self._known:
            self._known[full] = tuple(self._documents(root, path)) if path.endswith(_SUFFIXES) else ()
        return self._known[full]

    def mentions(self, root: Path, path: str, word: str) -> bool:
        """Tell whether a word stands anywhere in a file: cheaper than to read its documents."""
        full = root / path
        if full not in self._texts:
            try:
                self._texts[full] = files.read_in(root, path)
            except OSError:
                self._texts[full] = b""
        return word.encode() in self._texts[full]

    def lines(self, root: Path, path: str) -> list[str]:
        """Return the lines of a file; none where it cannot be read."""
        full = root / path
        if full not in self._lines:
            try:
                text = files.text_in(root, path, files.MANIFEST)
                self._lines[full] = [line.rstrip("\r") for line in text.split("\n")]
            except OSError:
                self._lines[full] = []
        return self._lines[full]

    @staticmethod
    def _documents(root: Path, path: str) -> Iterator[Document]:
        try:
            for node in compose(files.read_in(root, path), path, duplicate_keys=True):
                yield Document(path, node)
        except (OSError, YamlError):
            return


def follow_names(body: Any, names: Pointer) -> Pointer | None:
    """Turn a path by names into a pointer into `body`; None where it leads nowhere."""
    pointer: list[str | int] = []
    for step in names:
        if isinstance(step, str) and step.startswith("[") and isinstance(body, list):
            numbers = [number for number, item in enumerate(body) if f"[{name_of(item)}]" == step]
            if not numbers:
                return None
            step = numbers[0]
        following = follow(body, step)
        if following is None:
            return None
        pointer.append(step)
        body = following
    return tuple(pointer)


def narrowed(location: Location, text: str, span: tuple[int, int] | None, lines: Sequence[str] = ()) -> Location:
    """Narrow a location to a part of its scalar, where the scalar's `text` stands on one line as it is, or in a block of `lines`."""
    region = location.region
    whole = region.start_line == region.end_line and region.end_column - region.start_column == len(text)
    if span is not None and not whole:
        part = _in_block(region, text, span, lines)
    else:
        part = Region(region.start_line, region.start_column + span[0], region.end_line, region.start_column + span[1]) if span else None
    return Location(location.path, part, location.message, location.key_path) if part else location


def _in_block(region: Region, text: str, span: tuple[int, int], lines: Sequence[str]) -> Region | None:
    """The columns of a span in a literal block, whose first line is below the region's: its text is indented, and otherwise as it is."""
    before = text[: span[0]]
    number, start = region.start_line + before.count("\n"), span[0] - before.rfind("\n") - 1
    line = text[span[0] - start :].partition("\n")[0]
    written = lines[number] if number < len(lines) else ""
    indent = len(written) - len(line)
    if indent < 0 or written[indent:] != line or written[:indent].strip() or start + span[1] - span[0] > len(line):
        return None
    return Region(number + 1, indent + start + 1, number + 1, indent + start + span[1] - span[0] + 1)
