"""Find, read and check the configuration; every complaint names the file, the line and the nearest valid key."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli

from agentslint.config.schema import Config
from agentslint.errors import UsageError

FILE = ".agentslint.toml"
T = TypeVar("T")


@dataclass(frozen=True)
class Loaded:
    """A configuration and where it stands; `path` is None where there is none."""

    config: Config
    path: Path | None = None
    text: str = ""
    prefix: tuple[str, ...] = ()
    """("tool", "agentslint") in a pyproject.toml."""

    def line(self, *keys: str | int) -> int:
        """The 1-based line on which a key path of the configuration is written."""
        return line_of(self.text, (*self.prefix, *keys))

    @property
    def folder(self) -> Path | None:
        """The folder of the file."""
        return self.path.parent if self.path else None


def load(start: Path, explicit: str | None = None) -> Loaded:
    """Read the file given, else the nearest one from `start` upward; raises UsageError with file and line."""
    path = Path(explicit).resolve() if explicit else find(start)
    if path is None:
        return Loaded(Config())
    try:
        text = path.read_text(encoding="utf-8")
        table = tomli.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the configuration cannot be read: {error}") from None
    except tomli.TOMLDecodeError as error:
        raise UsageError(f"{path}:{_with_line(str(error))}") from None
    prefix = ("tool", "agentslint") if path.name == "pyproject.toml" else ()
    for key in prefix:
        table = table.get(key, {})
    return Loaded(convert(table, Config, path, text, prefix), path, text, prefix)


def find(start: Path) -> Path | None:
    """Return the nearest configuration file from `start` upward."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.agentslint" in project.read_bytes():
            return project
    return None


def convert(table: Any, kind: type[T], path: Path | None, text: str, prefix: tuple[str | int, ...]) -> T:
    """Turn a plain table into `kind`; raises UsageError that names file, line and, for a misspelt key, the nearest one."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        message, keys = _split(str(error))
        unknown = re.search(r"unknown field `([^`]+)`", message)
        if unknown:
            keys = (*keys, unknown.group(1))
            message = f"there is no key {unknown.group(1)!r} here" + _nearest(unknown.group(1), kind, keys[:-1])
        line = line_of(text, (*prefix, *keys))
        name = ".".join(str(key) for key in keys) or "the configuration"
        raise UsageError(f"{path or FILE}:{line}: {name}: {message}") from None


def line_of(text: str, keys: tuple[str | int, ...]) -> int:
    """Return the 1-based line on which a key path is written: the first line with which a prefix of the file holds it.

    tomli gives no positions, so ever longer prefixes of the file are parsed (only when there is something to say).
    """
    lines = text.splitlines()
    statement = 1
    for number in range(1, len(lines) + 1):
        try:
            table = tomli.loads("\n".join(lines[:number]))
        except tomli.TOMLDecodeError:
            continue
        if _holds(table, keys):
            return statement
        statement = number + 1
    return line_of(text, keys[:-1]) if keys else 1


def _holds(table: Any, keys: tuple[str | int, ...]) -> bool:
    for key in keys:
        try:
            table = table[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _split(message: str) -> tuple[str, tuple[str | int, ...]]:
    """Take msgspec's `... - at `$.rules[0].name`` apart."""
    text, _, path = message.partition(" - at `$")
    steps = re.findall(r"\.([\w-]+)|\[(\d+)\]|\[\.\.\.\]", path.rstrip("`"))
    return text[:1].lower() + text[1:], tuple(int(index) if index else key for key, index in steps if key or index)


def _nearest(word: str, kind: Any, keys: tuple[str | int, ...]) -> str:
    known = _fields(kind, keys)
    close = difflib.get_close_matches(word, known, 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}" if known else ""


def _fields(kind: Any, keys: tuple[str | int, ...]) -> list[str]:
    """The keys that a table at `keys` may have, by walking msgspec's own description of the type."""
    node = msgspec.inspect.type_info(kind)
    for key in keys:
        node = _inside(node, key)
    node = _struct(node)
    return [field.encode_name for field in node.fields] if node else []


def _inside(node: Any, key: str | int) -> Any:
    if isinstance(key, int):
        return getattr(_bare(node), "item_type", None)
    struct = _struct(node)
    return next((field.type for field in struct.fields if field.encode_name == key), None) if struct else None


def _struct(node: Any) -> Any:
    node = _bare(node)
    options = (*getattr(node, "types", ()), node)
    return next((option for option in options if isinstance(option, msgspec.inspect.StructType)), None)


def _bare(node: Any) -> Any:
    return node.type if isinstance(node, msgspec.inspect.Metadata) else node


def _with_line(message: str) -> str:
    """`... (at line 3, column 5)` -> `3:5: ...`, so that the place is where people look for it."""
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    return f"{found.group(1)}:{found.group(2)}: {message[: found.start()]}" if found else f" {message}"
