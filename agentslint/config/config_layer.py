"""One file of a configuration, as it was read: its table, and the lines of its keys."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import tomli
from msgspec import Struct

from agentslint import files
from agentslint.config.complaint import complaint
from agentslint.config.key_lines import Keys, Places
from agentslint.config.schema import Config, RuleSettings
from agentslint.config.tree import Tree
from agentslint.errors import UsageError

PROJECT_FILE = "pyproject.toml"
_VALUE = re.compile(r"=\s*\"(?!\"\")")
"""The beginning of a text in which escapes count."""
_CHARACTER = re.compile(r"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|.")
T = TypeVar("T")


class Written(Protocol):
    """Something that knows where its keys are written."""

    def where(self, *keys: str | int, word: str = "") -> str:
        """`file:line` of a key path, or of `word` in its value."""


class ConfigLayer(Struct, frozen=True, eq=False, dict=True):
    """A configuration file or a preset, as it is written: without the files that it extends."""

    shown: str
    """Its name in messages: a path, after the revision if it was read at one, or the name of a preset."""
    text: str = ""
    path: Path | None = None
    """None for a preset, which no file of a repository is."""
    prefix: Keys = ()
    """("tool", "agentslint") in a pyproject.toml."""
    table: dict[str, Any] = {}
    brought_by: tuple[ConfigLayer, int] | None = None
    """The layer that names it in `extends`, and the number of the entry."""

    def line(self, *keys: str | int, word: str = "") -> int:
        """The 1-based line on which a key path is written, or `word` in its value."""
        return self._places.line((*self.prefix, *keys), word)

    def where(self, *keys: str | int, word: str = "") -> str:
        """`file:line`, for messages."""
        return f"{self.shown}:{self.line(*keys, word=word)}"

    def inside(self, *keys: str | int, text: str, line: int, column: int) -> str:
        """`file:line:column` of a place (1-based) in `text`, the value of a key; `file:line` where its column is not known."""
        at, code = self.line(*keys, word="" if "\n" in text else text), text.split("\n")[line - 1 : line]
        rows = self.text.split("\n")
        for row in (at + line - 1, at + line):  # The first line of a text in three quotes is the next one.
            start = rows[row - 1].find(code[0]) if code and code[0] and row <= len(rows) else -1
            if start >= 0:
                return f"{self.shown}:{row}:{start + column}"
        first = _VALUE.search(rows[at - 1])
        if first is None or "\n" in text:
            return f"{self.shown}:{at}"
        before = islice(_CHARACTER.finditer(rows[at - 1], first.end()), column - 1)
        return f"{self.shown}:{at}:{first.end() + sum(len(found.group()) for found in before) + 1}"

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)


def read_layer(path: Path, tree: Tree, *, named: bool, brought_by: tuple[ConfigLayer, int] | None = None) -> ConfigLayer:
    """Read a file; raises UsageError with file and line, also for what is no key of a configuration. `named` by the user himself?"""
    shown = tree.shown(path)
    try:
        data = tree.read(path, named=named)
    except OSError as error:
        raise UsageError(f"{_by(brought_by)}{shown}: the configuration cannot be read: {error.strerror}") from None
    return _layer(data, shown, path, brought_by)


def read_preset(name: str, path: Path, brought_by: tuple[ConfigLayer, int]) -> ConfigLayer:
    """Read a preset from its file in a package; raises UsageError."""
    try:
        data = files.read(path, files.CONFIGURATION)
    except OSError as error:
        raise UsageError(f"{_by(brought_by)}{name}: the preset cannot be read: {path}: {error.strerror}") from None
    return _layer(data, name, None, brought_by)


def convert(table: Any, kind: type[T], written: Written, at: Keys = ()) -> T:
    """Turn a plain table, which stands at a key path, into `kind`; raises UsageError with file, line and the nearest key."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        found = complaint(error, table, kind, RuleSettings.__struct_fields__ if at else ())
        name = ".".join(str(key) for key in (*at, *found.keys)) or "the configuration"
        raise UsageError(f"{written.where(*at, *found.keys, word=found.word)}: {name}: {found.message}") from None


def _by(brought_by: tuple[ConfigLayer, int] | None) -> str:
    return f"{brought_by[0].where('extends', brought_by[1])}: extends.{brought_by[1]}: " if brought_by else ""


def _layer(data: bytes, shown: str, path: Path | None, brought_by: tuple[ConfigLayer, int] | None) -> ConfigLayer:
    text = _decoded(data, shown)
    prefix = ("tool", "agentslint") if path and path.name == PROJECT_FILE else ()
    try:
        table: Any = tomli.loads(text)
        for key in prefix:
            table = table.get(key, {}) if isinstance(table, dict) else table
        layer = ConfigLayer(shown, text, path, prefix, table, brought_by)
        convert(table, Config, layer)
    except tomli.TOMLDecodeError as error:
        raise UsageError(f"{shown}:{_with_line(str(error))}") from None
    except RecursionError:
        raise UsageError(f"{shown}:{_deepest(text)}: brackets or keys nest too deep; write it flatter") from None
    if "\\" in text:
        _refuse_nul(table, layer)
    return layer


def _decoded(data: bytes, shown: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{shown}:{line}: byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8") from None


def _refuse_nul(value: Any, layer: ConfigLayer, keys: Keys = ()) -> None:
    """Refuse the one character that neither a path nor an argument of a program can hold; raises UsageError."""
    if isinstance(value, str) and "\0" in value:
        name = ".".join(str(key) for key in (*layer.prefix, *keys))
        raise UsageError(f"{layer.where(*keys)}: {name}: a text must not hold a NUL (\\u0000); remove it")
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(key, str) and "\0" in key:
            name = ".".join(str(key) for key in (*layer.prefix, *keys))
            raise UsageError(f"{layer.where(*keys, key)}: {name}: a key must not hold a NUL (\\u0000); remove it")
        _refuse_nul(inner, layer, (*keys, key))


def _deepest(text: str) -> int:
    """The line with the most brackets and dots, which most likely nests too deep."""
    counts = [sum(map(line.count, "[{.")) for line in text.split("\n")]
    return counts.index(max(counts)) + 1


def _with_line(message: str) -> str:
    """`... (at line 3, column 5)` -> `3:5: ...`, so that the place is where people look for it."""
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    return f"{found.group(1)}:{found.group(2)}: {message[: found.start()]}" if found else f" {message}"
