"""Find, read and check the configuration; every complaint names the file, the line and the nearest valid key."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import tomli
from msgspec import Struct

from agentslint.config.complaint import no_rule
from agentslint.config.config_layer import PROJECT_FILE, ConfigLayer, convert, read_layer
from agentslint.config.extends import Extended, Presets, no_presets
from agentslint.config.key_lines import Keys
from agentslint.config.merge import Merged, Origins, origin
from agentslint.config.schema import Config
from agentslint.config.tree import ON_DISK, Tree
from agentslint.errors import UsageError

FILE = ".agentslint.toml"
_HEADER = re.compile(rb"^[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*[\"']?agentslint\b", re.M)


class Loaded(Struct, frozen=True):
    """A configuration and where it stands; `path` is None where there is none."""

    config: Config
    path: Path | None = None
    layers: Sequence[ConfigLayer] = (ConfigLayer(FILE),)
    """Its own file, and before it what that extends, the weakest first."""
    origins: Origins = {}
    """Where the keys of several layers come from."""
    table: Mapping[str, Any] = {}
    """What the layers say, without defaults."""

    @property
    def shown(self) -> str:
        """The file's name in messages: its path, after the revision if it was read at one."""
        return self.layers[-1].shown

    def line(self, *keys: str | int, word: str = "") -> int:
        """The 1-based line of a key path, or of `word` in its value, in the layer that decides it."""
        layer, there = self.origin(*keys)
        return layer.line(*there, word=word)

    def where(self, *keys: str | int, word: str = "") -> str:
        """`file:line` of a key path of the configuration, or of `word` in its value: of the layer that decides it."""
        layer, there = self.origin(*keys)
        return layer.where(*there, word=word)

    def origin(self, *keys: str | int) -> tuple[ConfigLayer, Keys]:
        """Return the layer that decides a key path, and its keys there; the own file where none says anything."""
        return origin(self.origins, keys) or (self.layers[-1], keys)

    def place(self, *keys: str | int, word: str = "") -> tuple[Path | None, int]:
        """Return the file and the line of a key path: of what stands in a preset, where a file names that; None if there is no file."""
        layer, there = self.origin(*keys)
        line = layer.line(*there, word=word)
        while layer.path is None and layer.brought_by:
            layer, number = layer.brought_by
            line = layer.line("extends", number, word=str(layer.table["extends"][number]) if layer.path else "")
        return layer.path, line

    def says(self, *keys: str | int) -> bool:
        """Tell whether a layer says something at a key path, even if it is a table."""
        here: Any = self.table
        for key in keys:
            try:
                here = here[key]
            except (KeyError, IndexError, TypeError):
                return False
        return True

    @property
    def files(self) -> list[Path]:
        """The files that it was read from."""
        return [layer.path for layer in self.layers if layer.path]

    def inside(self, *keys: str | int, text: str, line: int, column: int) -> str:
        """`file:line:column` of a place (1-based) in `text`, the value of a key; `file:line` where an escape shifts its columns."""
        layer, there = self.origin(*keys)
        return layer.inside(*there, text=text, line=line, column=column)

    @property
    def folder(self) -> Path | None:
        """The folder of the file."""
        return self.path.parent if self.path else None


def load(start: Path, explicit: str | None = None, tree: Tree = ON_DISK, presets: Presets = no_presets) -> Loaded:
    """Read the file given, else the nearest one from `start` upward, with all that it extends; raises UsageError with file and line."""
    path = tree.named(explicit) if explicit is not None else find(start, tree)
    if path is None:
        return Loaded(Config())
    layers = Extended.of(read_layer(path, tree, named=explicit is not None), tree, presets)
    merged = Merged.of(layers, path.parent)
    blank = Loaded(Config(), path, layers, merged.origins)
    table = merged.table | {key: value for key, value in layers[-1].table.items() if key == "extends"}
    config = convert(table, Config, blank)
    return Loaded(config, path, layers, merged.origins, table)


def find(start: Path, tree: Tree = ON_DISK) -> Path | None:
    """Return the nearest configuration file from `start` upward; one that is there and cannot be read is found, too."""
    # Without `..` in it: the folder from which `a/../b` is named is not above b.
    start = Path(os.path.abspath(start))
    for folder in (start, *start.parents):
        if tree.exists(folder / FILE):
            return folder / FILE
        if _speaks_of_us(folder / PROJECT_FILE, tree):
            return folder / PROJECT_FILE
    return None


def _speaks_of_us(project: Path, tree: Tree) -> bool:
    """Tell whether a pyproject.toml has our table; where it is no TOML, whether it looks so."""
    if not tree.exists(project):
        return False
    try:
        data = tree.read(project)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    except OSError as error:
        raise UsageError(f"{tree.shown(project)} may hold the configuration, but cannot be read: {error.strerror}") from None
    if b"agentslint" not in data:
        return False
    try:
        tools = tomli.loads(data.decode("utf-8-sig")).get("tool")
    except (ValueError, RecursionError):
        return _HEADER.search(data) is not None
    return isinstance(tools, dict) and "agentslint" in tools


def check_named_rules(loaded: Loaded, known: Collection[str]) -> None:
    """Refuse rules of `[[ignore]]` and of `[[targets]]` that there are none of; raises UsageError with the line and the nearest rule."""
    for number, table in enumerate(loaded.config.targets):
        for name in table.rules:
            if not any(fnmatchcase(rule, name) for rule in known):
                where = loaded.where("targets", number, "rules", word=name)
                raise UsageError(f"{where}: targets.{number}.rules: {no_rule(name, known)}")
    for number, entry in enumerate(loaded.config.ignore):
        if not any(fnmatchcase(rule, entry.rule) for rule in known):
            where = loaded.where("ignore", number, "rule")
            raise UsageError(f"{where}: ignore.{number}.rule: {no_rule(entry.rule, known)}")
