"""Several layers -> one table, and the layer that each value comes from.

Tables are merged key by key; a scalar or a list replaces an earlier one. An array of tables is appended to, and an entry replaces the
earlier one with its `name`. An empty list takes everything away.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from agentslint.config.config_layer import ConfigLayer
from agentslint.config.key_lines import Keys

Origins = Mapping[Keys, "tuple[ConfigLayer, Keys]"]
"""Key path in the merged table -> the layer that says it, and its key path there. What is below it is at the same place below that."""


class Merged:
    """The layers added so far; of two that say the same the later one counts."""

    def __init__(self, folder: Path | None) -> None:
        self.table: dict[str, Any] = {}
        self.origins: dict[Keys, tuple[ConfigLayer, Keys]] = {}
        self._folder = folder

    @classmethod
    def of(cls, layers: Iterable[ConfigLayer], folder: Path | None) -> Merged:
        """Merge layers, the weakest first; their relative paths become relative to `folder`."""
        merged = cls(folder)
        for layer in layers:
            merged.add(layer)
        return merged

    def add(self, layer: ConfigLayer) -> None:
        """Lay a layer over those before."""
        said = {key: value for key, value in layer.table.items() if key != "extends"}
        self._tables(self.table, _rebased(said, layer, self._folder), layer, (), ())

    def _tables(self, under: dict[str, Any], over: Mapping[str, Any], layer: ConfigLayer, at: Keys, there: Keys) -> None:
        for key, value in over.items():
            place, source = (*at, key), (*there, key)
            if isinstance(value, dict):
                inner = under.get(key)
                under[key] = inner if isinstance(inner, dict) else {}
                self.origins[place] = layer, source
                self._tables(under[key], value, layer, place, source)
            elif _is_array(value) and _is_array(under.get(key)):
                self._entries(under[key], value, layer, place, source)
            else:
                self._forget(place)
                under[key] = list(value) if isinstance(value, list) else value
                self.origins[place] = layer, source

    def _entries(self, under: list[Any], over: list[Any], layer: ConfigLayer, at: Keys, there: Keys) -> None:
        if not any(place[: len(at)] == at and len(place) > len(at) for place in self.origins):
            # From now on they are the entries of several layers: each has a place of its own.
            before, keys = self.origins[at]
            self.origins.update(((*at, number), (before, (*keys, number))) for number in range(len(under)))
        named = {name: number for number, entry in enumerate(under) if isinstance(name := entry.get("name"), str)}
        for number, entry in enumerate(over):
            name = entry.get("name")
            # An entry replaces one of a layer before, not one of its own file: two of a name there are a mistake to be told.
            index = named.pop(name, len(under)) if isinstance(name, str) else len(under)
            under[index : index + 1] = [entry]
            place: Keys = (*at, index)
            self.origins[place] = layer, (*there, number)

    def _forget(self, place: Keys) -> None:
        for known in [each for each in self.origins if each[: len(place)] == place]:
            del self.origins[known]


def origin(origins: Origins, keys: Keys) -> tuple[ConfigLayer, Keys] | None:
    """Return the layer that says what stands at a key path, and where in it; None where no layer does."""
    for length in range(len(keys), 0, -1):
        if found := origins.get(keys[:length]):
            return found[0], (*found[1], *keys[length:])
    return None


def _is_array(value: Any) -> bool:
    """Tell whether something is an array of tables: one without any entry is a plain list."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _rebased(table: dict[str, Any], layer: ConfigLayer, folder: Path | None) -> dict[str, Any]:
    """Return what a layer in another folder says, with its paths as the configuration itself would write them."""
    own = layer.path.parent if layer.path else None
    if own is None or folder is None or own == folder:
        return table

    def moved(path: str) -> str:
        return os.path.relpath(own / path, folder) if not path.startswith(("/", "~")) else path

    found = dict(table)
    if found.get("baseline"):
        found["baseline"] = moved(found["baseline"])
    if "plugins" in found:
        found["plugins"] = [moved(path) for path in found["plugins"]]
    if "groups" in found:
        found["groups"] = [{**group, "source": moved(group["source"])} if group.get("source") else group for group in found["groups"]]
    if "render" in found:
        programs = {key: moved(path) for key in ("kustomize", "helm") if (path := found["render"].get(key)) and "/" in path}
        found["render"] = {**found["render"], **programs}
    return found
