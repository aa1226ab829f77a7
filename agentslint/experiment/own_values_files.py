"""A values file that two charts of a kustomization share, changed for one of them: its entry reads a copy under another name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from agentslint.authorship import edits as tree
from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.values_layers import LayerKind, ValuesLayer, entry_at, layers
from agentslint.model import HelmChartEntry, Pointer

_FILES = ("valuesfile", "values")
_MORE = "additionalvaluesfiles"
"""Keys of an entry in lower case, which kustomize does not tell from upper case."""


def path_of_change(values: ChartValues, layer: ValuesLayer) -> str:
    """Return the path of the file that a change of a layer is written to: its own, or that of a copy where another chart reads it, too."""
    is_shared = layer.kind is LayerKind.FILE and values.entry.value_files is None and _is_shared(values, layer.path)
    return copy_path(layer.path, values.entry) if is_shared else layer.path


def copy_path(path: str, entry: HelmChartEntry) -> str:
    """Return the path of the copy that one entry reads in the place of a values file."""
    folder, name = posixpath.split(path)
    return posixpath.join(folder, f".agentslint-{entry.line}-{name}")


def reading_copies(values: ChartValues, root: Any, copied: set[str]) -> Any:
    """Return a kustomization like `root`, the node of its document, whose entry of the chart names the copies of some files."""
    for pointer, written in _named(values):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(values.entry.kustomization), written))
        if path in copied:
            name = posixpath.basename(copy_path(path, values.entry))
            root = tree.with_value(root, pointer, posixpath.join(posixpath.dirname(written), name))
    return root


def _is_shared(values: ChartValues, path: str) -> bool:
    others = (entry for entry in values.target.closure.charts if entry != values.entry)
    return any(layer.path == path for entry in others for layer in layers(values.target, entry))


def _named(values: ChartValues) -> Iterator[tuple[Pointer, str]]:
    """Each values file that the entry of the chart names, with the way to its name in the kustomization."""
    found = entry_at(values.target, values.entry)
    for key, said in found[1].items() if found else ():
        if found and key.lower() in _FILES and isinstance(said, str):
            yield (*found[0], key), said
        elif found and key.lower() == _MORE and isinstance(said, list):
            yield from (((*found[0], key, number), each) for number, each in enumerate(said) if isinstance(each, str))
