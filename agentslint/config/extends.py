"""`extends`: the files and presets that a configuration builds on."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.config.complaint import nearest
from agentslint.config.config_layer import ConfigLayer, read_layer, read_preset
from agentslint.config.tree import Tree
from agentslint.errors import UsageError

Presets = Callable[[], Mapping[str, Path]]
"""Gives the presets of plugins: name -> TOML file. Asked only where a configuration names one that is not ours."""
OURS = "agentslint:"
_FOLDER = Path(__file__).parent.parent / "presets"
_PRESET = re.compile(r"[A-Za-z0-9][\w.-]*:[\w.-]+")
_MOST = 64
"""Layers of one configuration: links in a repository can make endlessly many names of one file."""


def own_presets() -> dict[str, Path]:
    """Return the presets of the package: name -> file."""
    return {f"{OURS}{path.stem}": path for path in sorted(_FOLDER.glob("*.toml"))}


def no_presets() -> Mapping[str, Path]:
    """Bring none."""
    return {}


class Extended(Struct):
    """All layers of a configuration, each once, the weakest first: a file stands after those that it extends."""

    tree: Tree
    presets: Presets
    top: str
    """The folder in which all files must lie: `extends` may not lead out of it."""
    layers: list[ConfigLayer] = []
    _open: list[ConfigLayer] = []

    @classmethod
    def of(cls, layer: ConfigLayer, tree: Tree, presets: Presets) -> list[ConfigLayer]:
        """Return the layers of the configuration that a file begins; raises UsageError."""
        folder = os.path.abspath(layer.path.parent) if layer.path else os.curdir
        extended = cls(tree, presets, files.repository_of(folder) or folder)
        extended._add(layer)
        return extended.layers

    def _add(self, layer: ConfigLayer) -> None:
        if any(_same(layer, known) for known in self.layers):
            return
        if any(_same(layer, above) for above in self._open):
            self._refuse_circle(layer)
        if len(self._open) + len(self.layers) >= _MOST:
            raise UsageError(f"{self.layers[0].shown if self.layers else layer.shown}: more than {_MOST} files extend each other")
        self._open.append(layer)
        for inner in self._named(layer):
            self._add(inner)
        self._open.pop()
        self.layers.append(layer)

    def _named(self, layer: ConfigLayer) -> Iterator[ConfigLayer]:
        for number, name in enumerate(layer.table.get("extends", ())):
            yield self._preset(layer, number, name) if _PRESET.fullmatch(name) else self._file(layer, number, name)

    def _preset(self, layer: ConfigLayer, number: int, name: str) -> ConfigLayer:
        known = own_presets()
        if name not in known:
            known = {**known, **self.presets()}
        if name not in known:
            raise UsageError(f"{_where(layer, number)}: there is no preset {name!r}{nearest(name, known)}")
        return read_preset(name, known[name], (layer, number))

    def _file(self, layer: ConfigLayer, number: int, name: str) -> ConfigLayer:
        if layer.path is None:
            raise UsageError(f"{_where(layer, number)}: a preset extends presets only, and {name!r} is a path")
        path = Path(os.path.abspath(layer.path.parent / name))
        if not str(path).startswith(f"{self.top.rstrip('/')}/"):
            raise UsageError(f"{_where(layer, number)}: {name} is not in the repository (it would be {path}); name a file in it")
        if files.is_of_git(str(path)[len(self.top) :]):
            raise UsageError(f"{_where(layer, number)}: {name} belongs to git; name a file of the repository")
        if not self.tree.exists(path):
            raise UsageError(f"{_where(layer, number)}: there is no file {name}")
        return read_layer(path, self.tree, named=False, brought_by=(layer, number))

    def _refuse_circle(self, layer: ConfigLayer) -> None:
        at = next(number for number, above in enumerate(self._open) if _same(layer, above))
        through = " -> ".join(each.shown for each in (*self._open[at:], layer))
        above, number = layer.brought_by or (layer, 0)
        raise UsageError(f"{_where(above, number)}: it extends itself: {through}")


def _where(layer: ConfigLayer, number: int) -> str:
    return f"{layer.where('extends', number, word=str(layer.table['extends'][number]))}: extends.{number}"


def _same(one: ConfigLayer, other: ConfigLayer) -> bool:
    return one.shown == other.shown if one.path is None or other.path is None else one.path == other.path
