"""Changes of values -> the files that hold them, changed.

A value is changed in the layer that holds it, because the same text means different things in different layers. A key that none of
the target's layers has is added to the topmost one. The chart itself is never changed, nor what another chart reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml
from msgspec import Struct

from agentslint.authorship import edits as tree
from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.authorship.values_layers import ValuesLayer
from agentslint.errors import AgentslintError
from agentslint.experiment.own_values_files import path_of_change, reading_copies

_GONE = object()


class ValueChange(Struct, frozen=True):
    """One key and what becomes of it."""

    key: ValueKey
    value: Any

    @property
    def removes(self) -> bool:
        """Whether the key goes away, as opposed to holding something else."""
        return self.value is _GONE


def put(key: ValueKey, value: Any) -> ValueChange:
    """Let a key hold `value`: a text, a list of texts, a boolean; empty ones included."""
    return ValueChange(key, value)


def null(key: ValueKey) -> ValueChange:
    """Write `null` where the key is written."""
    return ValueChange(key, None)


def absent(key: ValueKey) -> ValueChange:
    """Take a key out of every layer of the target, so that the chart's own value is left."""
    return ValueChange(key, _GONE)


def changed_files(values: ChartValues, changes: Iterable[ValueChange]) -> dict[str, bytes]:
    """Return the files that hold the values, by path, with all `changes` in them; raises AgentslintError where one cannot be edited."""
    trees: dict[str, list[Any]] = {}
    for change in changes:
        for layer in values.own if change.removes else [values.layer_for(change.key)]:
            nodes = trees.setdefault(layer.path, _tree(values, layer.path))
            at = values.document(layer, [node.start_mark.line + 1 for node in values.tree(layer.path)])
            document = _edited(nodes[at] if nodes else None, layer, change)
            if document is not None:
                trees[layer.path] = [*nodes[:at], document, *nodes[at + 1 :]]
    return {path: tree.write(nodes) for path, nodes in _own_files(values, trees).items()}


def _own_files(values: ChartValues, trees: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Rename the files that another chart reads as well to copies, which the entry of this chart reads in their place."""
    paths = {layer.path: path_of_change(values, layer) for layer in values.own if layer.path in trees}
    copied = {path for path, own in paths.items() if path != own}
    found = {paths.get(path, path): nodes for path, nodes in trees.items()}
    if copied:
        kustomization = values.entry.kustomization
        first, *others = found[kustomization] if kustomization in found else _tree(values, kustomization)
        found[kustomization] = [reading_copies(values, first, copied), *others]
    return found


def _edited(root: Any, layer: ValuesLayer, change: ValueChange) -> Any:
    pointer = (*layer.prefix, *change.key)
    if change.removes:
        return None if root is None else tree.without(root, pointer)
    return tree.with_value(root, pointer, change.value)


def _tree(values: ChartValues, path: str) -> list[Any]:
    try:
        return values.tree(path)
    except (OSError, yaml.YAMLError) as error:
        raise AgentslintError(f"{path}: the values cannot be changed: {error}") from None
