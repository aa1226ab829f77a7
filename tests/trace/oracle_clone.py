"""Copies of a repository in which a scalar is edited and a bare kustomize is run: no code of the project takes part."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

Documents = Mapping[tuple[str, ...], Any]
FREE_SPEED = {"GOGC": "400"}
"""Collects garbage less often: a quarter of the time of so short a program."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TextLoader(_Loader):  # type: ignore[misc, valid-type]
    """Reads every scalar as its text: `key: =` and dates are no trouble then."""


_TextLoader.yaml_implicit_resolvers = {}


@dataclass(frozen=True, order=True)
class Place:
    """A text in a file: columns [start, end) of a line, counted from 1."""

    path: str
    line: int
    start: int
    end: int

    def overlaps(self, other: Place) -> bool:
        """Tell whether two places have a column in common."""
        return (self.path, self.line) == (other.path, other.line) and self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.start}"


@dataclass(frozen=True)
class Change:
    """A place and the text to write there."""

    place: Place
    text: str


@dataclass
class Clone:
    """A copy of a repository; a change is undone after its render."""

    root: Path
    kustomize: Path
    helm: Path
    remembered: dict[tuple[str, frozenset[Change]], Documents | None] = field(default_factory=dict)
    """What the copies of one repository have rendered already: an answer that is falsified is judged by much the same renders."""

    @classmethod
    def of(cls, repository: Path, into: Path, kustomize: Path, helm: Path) -> Clone:
        """Copy a repository."""
        shutil.copytree(repository, into, symlinks=True)
        return cls(into, kustomize, helm)

    @classmethod
    def several(cls, number: int, repository: Path, into: Path, kustomize: Path, helm: Path) -> list[Clone]:
        """Copy a repository several times; what one copy renders, all remember."""
        clones = [cls.of(repository, into / f"clone-{each}", kustomize, helm) for each in range(number)]
        return [replace(clone, remembered=clones[0].remembered) for clone in clones]

    def text(self, place: Place) -> str:
        """What stands at a place."""
        return self._lines(place.path)[place.line - 1][place.start - 1 : place.end - 1]

    def rendered(self, folder: str, changes: Iterable[Change] = ()) -> Documents | None:
        """Return the documents of a folder with some places changed, by kind, namespace and name; None where it does not render."""
        key = folder, frozenset(changes)
        if key not in self.remembered:
            self.remembered[key] = self._rendered(*key)
        return self.remembered[key]

    def _rendered(self, folder: str, changes: Iterable[Change]) -> Documents | None:
        by_file: dict[str, list[Change]] = {}
        for change in changes:
            by_file.setdefault(change.place.path, []).append(change)
        before = {path: (self.root / path).read_bytes() for path in by_file}
        try:
            for path, inside in by_file.items():
                self._write(path, inside)
            done = subprocess.run(self._command(folder), capture_output=True, cwd=self.root, env=os.environ | FREE_SPEED)
        finally:
            for path, data in before.items():
                (self.root / path).write_bytes(data)
        return _documents(done.stdout) if done.returncode == 0 else None

    def _command(self, folder: str) -> list[str]:
        return [str(self.kustomize), "build", "--enable-helm", "--helm-command", str(self.helm), str(self.root / folder)]

    def _write(self, path: str, changes: Iterable[Change]) -> None:
        lines = self._lines(path)
        for change in sorted(changes, key=lambda change: change.place, reverse=True):
            line, place = lines[change.place.line - 1], change.place
            lines[place.line - 1] = line[: place.start - 1] + change.text + line[place.end - 1 :]
        (self.root / path).write_bytes("\n".join(lines).encode())

    def _lines(self, path: str) -> list[str]:
        return (self.root / path).read_bytes().decode().removeprefix("\ufeff").split("\n")


@contextmanager
def pool(clones: Sequence[Clone]) -> Iterator[Callable[[], Clone]]:
    """Yield a function that gives each thread a clone of its own."""
    free, mine, lock = list(clones), threading.local(), threading.Lock()

    def clone() -> Clone:
        if not hasattr(mine, "clone"):
            with lock:
                mine.clone = free.pop()
        return mine.clone  # type: ignore[no-any-return]

    yield clone


def _documents(stream: bytes) -> Documents:
    found: dict[tuple[str, ...], Any] = {}
    for document in yaml.load_all(stream, _TextLoader):
        metadata = document.get("metadata") or {}
        name = (document["kind"], metadata.get("namespace", ""), metadata.get("name") or metadata.get("generateName") or "")
        number = sum(known[:3] == name for known in found)
        found[(*name, str(number)) if number else name] = document
    return found


def written_scalars(root: Path, paths: Iterable[str]) -> dict[Place, tuple[tuple[str | int, ...], str]]:
    """Return the scalars that stand as they are on one line of YAML and JSON files, and the images that templates hold literally."""
    found: dict[Place, tuple[tuple[str | int, ...], str]] = {}
    for path in paths:
        text = (root / path).read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
        if "/templates/" in path:
            found.update(_literal_images(path, text))
        elif path.endswith((".yaml", ".yml", ".json")):
            found.update(_yaml_scalars(path, text))
    return found


def _literal_images(path: str, text: str) -> Iterator[tuple[Place, tuple[tuple[str | int, ...], str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        bare = re.sub(r"\{\{.*?\}\}", lambda match: "\0" * len(match.group()), line)
        if match := re.search(r"^\s*(?:- )?image:\s*[\"']?([a-z0-9./-]+:[\w.-]+)[\"']?\s*$", bare):
            yield Place(path, number, match.start(1) + 1, match.end(1) + 1), (("image",), match.group(1))


def _yaml_scalars(path: str, text: str) -> Mapping[Place, tuple[tuple[str | int, ...], str]]:
    found: dict[Place, tuple[tuple[str | int, ...], str]] = {}
    try:
        documents = list(yaml.compose_all(text, _TextLoader))
    except yaml.YAMLError:
        return found
    lines = text.split("\n")
    for document in documents:
        for pointer, node in _nodes(document, (), set()):
            start, end = node.start_mark, node.end_mark
            shift = 1 if node.style in ("'", '"') else 0
            place = Place(path, start.line + 1, end.column + 1 - shift - len(node.value), end.column + 1 - shift)
            if start.line == end.line and lines[start.line][place.start - 1 : place.end - 1] == node.value:
                found.setdefault(place, (pointer, node.value))
    return found


def _nodes(node: Any, pointer: tuple[str | int, ...], seen: set[int]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield pointer, node
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _nodes(item, (*pointer, number), seen)
    else:
        for key, item in node.value:
            yield from _nodes(item, (*pointer, str(key.value)), seen)
