"""Places in the files of a target: a line, an entry, a scalar of a kustomization."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from agentslint import files
from agentslint.model import Base, Certainty, HelmChartEntry, Location, Region, RenderFailure, Target, Unread
from agentslint.yamlread import MappingNode, Node, Scalar, SequenceNode, YamlError, compose, scalars


def target_location(target: Target, message: str = "") -> Location:
    """The place of a message about the whole target: its application's, else the first line with text of its own file."""
    own = target.deployed.application.location if target.deployed else None
    if own and own.path == target.file:
        return Location(own.path, own.region, message)
    return file_location(target, target.file, message)


def target_failure(target: Target, reason: str, message: str, details: str = "") -> RenderFailure:
    """Return a failure whose line is unknown: it is placed at the target's file."""
    return RenderFailure(target, reason, message, target_location(target), details, certainty=Certainty.RESOURCE)


def file_location(target: Target, path: str, message: str = "") -> Location:
    """The first line of a file that is neither blank, a comment nor a document's start."""
    lines = enumerate(_lines(target.root, path), 1)
    first = next((number for number, text in lines if text.strip() and not text.lstrip().startswith(("#", "---"))), None)
    return Location(path, line_region(target.root, path, first) if first else Region(1, 1, 1, 1), message)


def unread_place(target: Target, unread: Unread) -> Location:
    """The entry that names what is not read, else the path itself."""
    if unread.kustomization and unread.line:
        return Location(unread.kustomization, line_region(target.root, unread.kustomization, unread.line))
    return Location(unread.path, Region(1, 1, 1, 1))


def chart_entry(chart: HelmChartEntry, root: Path, message: str = "") -> Location:
    """The line of a `helmCharts` entry."""
    return Location(chart.kustomization, line_region(root, chart.kustomization, chart.line), message)


def base_entry(target: Target, base: Base) -> Location:
    """The entry that names a remote base; of the only remote entry, if another base names it, else of the whole target."""
    remotes = target.closure.remotes
    own = (each for each in remotes if each.base and each.base.plain == base.plain)
    remote = next(own, remotes[0] if len(remotes) == 1 else None)
    if remote is None:
        return target_location(target)
    path = remote.kustomization
    region = first_line(remote.region, target.root, path) if remote.region else line_region(target.root, path, remote.line)
    return Location(path, region)


def line_region(root: Path, path: str, line: int, column: int = 0) -> Region:
    """The text of a line, without its indentation (or from `column` on); of a blank line that of the nearest one above."""
    lines = _lines(root, path)[:line]
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    text, number = lines[-1] if lines else "", len(lines) or line
    start = column if column and number == line else len(text) - len(text.lstrip()) + 1
    return Region(number, start, number, max(len(text.rstrip()) + 1, start + 1))


def folder_of(path: str) -> str:
    """The folder of a file, "." for the root's own."""
    return posixpath.dirname(path) or "."


def first_line(region: Region, root: Path, path: str) -> Region:
    """A region on one line: a longer one is cut to its first line."""
    return region if region.start_line == region.end_line else line_region(root, path, region.start_line, region.start_column)


def documents(target: Target, path: str) -> list[Node]:
    """The documents of a file of the target, none where it cannot be read."""
    try:
        return compose(files.read_in(target.root, path), path, duplicate_keys=True)
    except (OSError, YamlError):
        return []


def written(target: Target, path: str) -> Iterator[Scalar]:
    """The scalars of a file of the target, without those that say what the file is."""
    for node in documents(target, path):
        yield from (scalar for scalar in scalars(node) if scalar.pointer[:1] not in (("apiVersion",), ("kind",)))


def keys(node: Node) -> Iterator[tuple[str, Region]]:
    """Every key of a document, with its place."""
    if isinstance(node, MappingNode):
        for key, item in node.pairs:
            yield key.text, key.region
            yield from keys(item)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from keys(item)


def _lines(root: Path, path: str) -> list[str]:
    try:
        return files.text_in(root, path, files.MANIFEST).split("\n")
    except OSError:
        return []
