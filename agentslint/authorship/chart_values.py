"""The values of one chart of a target: the value of each key, its place, and its default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint import files
from agentslint.authorship import edits as tree
from agentslint.authorship.given_places import given_place
from agentslint.authorship.given_values import GIVEN_PATH, given_values
from agentslint.authorship.lines import chart_entry, first_line
from agentslint.authorship.values_layers import LayerKind, ValuesLayer, entry_at, inline_key, layers
from agentslint.errors import AgentslintError
from agentslint.model import HelmChartEntry, Location, Target
from agentslint.yamlread import Node, YamlError, compose, region_at, value

ValueKey = tuple[str, ...]
"""The way to a value: `controlPlane.image.tag` in parts."""


class Held(Struct, frozen=True):
    """The value of a key in one layer. `reaches` is false if the layer has something else on the way to it."""

    layer: ValuesLayer
    value: Any
    reaches: bool = True


class ChartValues:
    """Reads the layers of a chart's values; each file is read once."""

    def __init__(self, target: Target, entry: HelmChartEntry) -> None:
        self.target = target
        self.entry = entry
        self._documents: dict[str, list[Node]] = {}
        self._trees: dict[str, list[Any]] = {}
        self._bodies: dict[ValuesLayer, Any] = {}

    @cached_property
    def layers(self) -> tuple[ValuesLayer, ...]:
        """The places with values, the winner first."""
        return layers(self.target, self.entry)

    @property
    def own(self) -> tuple[ValuesLayer, ...]:
        """The places that the target writes itself."""
        return tuple(layer for layer in self.layers if layer.kind is not LayerKind.CHART)

    @cached_property
    def knows_defaults(self) -> bool:
        """Whether the chart's own values can be read (it is in the repository)."""
        return len(self.own) < len(self.layers)

    @cached_property
    def new_layer(self) -> ValuesLayer | None:
        """Where a target without any values would write one: inline, in the entry; None where the entry is out of reach."""
        found = entry_at(self.target, self.entry)
        return ValuesLayer(LayerKind.INLINE, self.entry.kustomization, (*found[0], inline_key(found[1])), restores=True) if found else None

    def at(self, key: ValueKey) -> Any:
        """Return what helm is given for a key: the value that wins; None for nothing."""
        held = self.holder(key)
        if held is None:
            return self.default(key)
        restored = held.value is None and held.layer.restores
        return self.default(key) if restored else held.value if held.reaches else None

    def default(self, key: ValueKey) -> Any:
        """Return the chart's own value; None where it has none, or where it cannot be read."""
        held = next(self._held(key, [layer for layer in self.layers if layer.kind is LayerKind.CHART]), None)
        return held.value if held and held.reaches else None

    def holder(self, key: ValueKey) -> Held | None:
        """Return what the target's own layers say of a key; None where no layer says anything."""
        return next(self._held(key, self.own), None)

    def layer_for(self, key: ValueKey) -> ValuesLayer:
        """Return where a change of a key belongs: where it is written, else topmost; raises AgentslintError if there is no such place."""
        held = self.holder(key)
        layer = held.layer if held else self.own[0] if self.own else self.new_layer
        if layer is None or self._chart_wins:
            raise AgentslintError(f"{self.entry.kustomization}:{self.entry.line}: the values of chart {self.entry.name} are out of reach")
        return layer

    @cached_property
    def _chart_wins(self) -> bool:
        """With `valuesMerge: merge` and no valuesFile kustomize merges the chart's own values over the inline ones."""
        found = entry_at(self.target, self.entry)
        said = {key.lower(): value for key, value in found[1].items()} if found else {}
        return str(said.get("valuesmerge")).lower() == "merge" and not said.get("valuesfile")

    def knows(self, key: ValueKey) -> bool:
        """Tell whether any layer, the chart's included, has the key."""
        return any(held.reaches for held in self._held(key, self.layers))

    def location(self, key: ValueKey, *item: int) -> Location | None:
        """Return where the value that wins is written, or where an item of it is."""
        for held in self._held(key, self.layers):
            if held.layer.kind is LayerKind.GIVEN:
                if any(below.layer.kind is LayerKind.INLINE and below.value == held.value for below in self._held(key, self.layers)):
                    continue
                return given_place(self.target, self.entry, (*key, *item)) or chart_entry(self.entry, self.target.root)
            node = self._node(held.layer)
            pointer = (*held.layer.prefix, *key, *item)
            region = region_at(node, pointer) if node is not None and held.reaches else None
            if region:
                return Location(held.layer.path, first_line(region, self.target.root, held.layer.path), "", pointer)
        return None

    @cached_property
    def merged(self) -> Mapping[str, Any]:
        """All values as helm merges them."""
        result: dict[str, Any] = {}
        for layer in reversed(self.layers):
            result = _merge(result, self._body(layer), removes=not layer.restores)
        return result

    def tree(self, path: str) -> list[Any]:
        """Return the nodes of a file for editing; raises OSError and yaml.YAMLError."""
        if path not in self._trees:
            self._trees[path] = tree.read(self._data(path))
        return self._trees[path]

    def _data(self, path: str) -> bytes:
        if path == GIVEN_PATH:
            return given_values(self.target) or b"{}"
        return files.read_in(self.target.root, path, files.KUSTOMIZATION)

    def _held(self, key: ValueKey, among: Sequence[ValuesLayer]) -> Iterator[Held]:
        for layer in among:
            here: Any = self._body(layer)
            for number, step in enumerate(key):
                if not isinstance(here, Mapping):
                    if number:
                        yield Held(layer, here, reaches=False)
                    break
                if step not in here:
                    break
                here = here[step]
            else:
                yield Held(layer, here)

    def _body(self, layer: ValuesLayer) -> Any:
        if layer not in self._bodies:
            node = self._node(layer)
            here = value(node) if node is not None else None
            for step in layer.prefix:
                here = _step(here, step)
            self._bodies[layer] = here
        return self._bodies[layer]

    def document(self, layer: ValuesLayer, starts: Sequence[int]) -> int:
        """Return which document of its file holds a layer, given the lines at which they start: a deployer's object may be any of them."""
        of_object = layer.kind is LayerKind.INLINE and self.entry.value_files is not None
        return max((number for number, line in enumerate(starts) if of_object and line <= self.entry.line), default=0)

    def _node(self, layer: ValuesLayer) -> Node | None:
        """The document that holds a layer; None for a file that cannot be read (the renderer has judged it)."""
        if layer.path not in self._documents:
            try:
                self._documents[layer.path] = compose(self._data(layer.path), layer.path, duplicate_keys=True)
            except (OSError, YamlError):
                self._documents[layer.path] = []
        documents = self._documents[layer.path]
        return documents[self.document(layer, [each.place[0] for each in documents])] if documents else None


def _step(here: Any, step: str | int) -> Any:
    if isinstance(here, Mapping):
        return here.get(step)
    return here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else None


def _merge(under: Mapping[str, Any], over: Any, *, removes: bool) -> dict[str, Any]:
    """Mappings are merged key by key, everything else is replaced; a null removes, or says nothing."""
    result = dict(under)
    for key, item in over.items() if isinstance(over, Mapping) else ():
        below = result.get(key)
        if item is None:
            if removes:
                result.pop(key, None)
        elif isinstance(item, Mapping):
            result[key] = _merge(below if isinstance(below, Mapping) else {}, item, removes=removes)
        else:
            result[key] = item
    return result
