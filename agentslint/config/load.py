"""Find, read and check the configuration; every complaint names the file, the line and the nearest valid key."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli

from agentslint.config.complaint import complaint, no_rule
from agentslint.config.key_lines import Keys, Places
from agentslint.config.schema import Config, RuleSettings
from agentslint.config.tree import ON_DISK, Tree
from agentslint.errors import UsageError

FILE = ".agentslint.toml"
PROJECT_FILE = "pyproject.toml"
_HEADER = re.compile(rb"^[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*[\"']?agentslint\b", re.M)
_VALUE = re.compile(r"=\s*\"(?!\"\")")
"""The beginning of a text in which escapes count."""
_CHARACTER = re.compile(r"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|.")
T = TypeVar("T")


@dataclass(frozen=True)
class Loaded:
    """A configuration and where it stands; `path` is None where there is none."""

    config: Config
    path: Path | None = None
    text: str = ""
    prefix: tuple[str, ...] = ()
    """("tool", "agentslint") in a pyproject.toml."""
    shown: str = FILE
    """The file's name in messages: its path, after the revision if it was read at one."""

    def line(self, *keys: str | int, word: str = "") -> int:
        """The 1-based line on which a key path of the configuration is written, or `word` in its value."""
        return self._places.line((*self.prefix, *keys), word)

    def where(self, *keys: str | int, word: str = "") -> str:
        """`file:line`, for messages."""
        return f"{self.shown}:{self.line(*keys, word=word)}"

    def inside(self, *keys: str | int, text: str, line: int, column: int) -> str:
        """`file:line:column` of a place (1-based) in `text`, the value of a key; `file:line` where its column is not known."""
        at, code = self.line(*keys), text.split("\n")[line - 1 : line]
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

    @property
    def folder(self) -> Path | None:
        """The folder of the file."""
        return self.path.parent if self.path else None

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)


def load(start: Path, explicit: str | None = None, tree: Tree = ON_DISK) -> Loaded:
    """Read the file given, else the nearest one from `start` upward; raises UsageError with file and line."""
    path = tree.named(explicit) if explicit is not None else find(start, tree)
    if path is None:
        return Loaded(Config())
    shown = tree.shown(path)
    text = _text(path, tree, named=explicit is not None)
    try:
        table: Any = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise UsageError(f"{shown}:{_with_line(str(error))}") from None
    except RecursionError:
        raise UsageError(f"{shown}:{_deepest(text)}: brackets or keys nest too deep; write it flatter") from None
    prefix = ("tool", "agentslint") if path.name == PROJECT_FILE else ()
    for key in prefix:
        table = table.get(key, {}) if isinstance(table, dict) else table
    try:
        loaded = Loaded(convert(table, Config, shown, text, prefix), path, text, prefix, shown)
    except RecursionError:
        raise UsageError(f"{shown}:{_deepest(text)}: brackets or keys nest too deep; write it flatter") from None
    if "\\" in text:
        _refuse_nul(table, loaded, prefix)
    return loaded


def _refuse_nul(value: Any, loaded: Loaded, keys: Keys) -> None:
    """Refuse the one character that neither a path nor an argument of a program can hold; raises UsageError."""
    if isinstance(value, str) and "\0" in value:
        name = ".".join(str(key) for key in keys)
        raise UsageError(
            f"{loaded.shown}:{loaded.line(*keys[len(loaded.prefix) :])}: {name}: a text must not hold a NUL (\\u0000); remove it"
        )
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        _refuse_nul(inner, loaded, (*keys, key))


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


def convert(table: Any, kind: type[T], shown: str, text: str, prefix: Keys) -> T:
    """Turn a plain table into `kind`; raises UsageError that names file, line and, for a misspelt key, the nearest one."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        path = prefix[2:] if prefix[:2] == ("tool", "agentslint") else prefix
        found = complaint(error, table, kind, RuleSettings.__struct_fields__ if path else ())
        name = ".".join(str(key) for key in (*path, *found.keys)) or "the configuration"
        line = Places(text).line((*prefix, *found.keys), found.word)
        raise UsageError(f"{shown}:{line}: {name}: {found.message}") from None


def _text(path: Path, tree: Tree, *, named: bool) -> str:
    """Read a file in UTF-8, with or without a byte order mark."""
    try:
        data = tree.read(path, named=named)
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{tree.shown(path)}: the configuration cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{tree.shown(path)}:{line}: byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8") from None


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


def _deepest(text: str) -> int:
    """The line with the most brackets and dots, which most likely nests too deep."""
    counts = [sum(map(line.count, "[{.")) for line in text.split("\n")]
    return counts.index(max(counts)) + 1


def _with_line(message: str) -> str:
    """`... (at line 3, column 5)` -> `3:5: ...`, so that the place is where people look for it."""
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    return f"{found.group(1)}:{found.group(2)}: {message[: found.start()]}" if found else f" {message}"


def check_ignored_rules(loaded: Loaded, known: Collection[str]) -> None:
    """Refuse an `[[ignore]]` entry for a rule that there is none of; raises UsageError with its line and the nearest rule."""
    for number, entry in enumerate(loaded.config.ignore):
        if not any(fnmatchcase(rule, entry.rule) for rule in known):
            where = loaded.where("ignore", number, "rule")
            raise UsageError(f"{where}: ignore.{number}.rule: {no_rule(entry.rule, known)}")
