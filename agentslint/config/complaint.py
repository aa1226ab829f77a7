"""The errors of msgspec about a configuration, in the terms of a TOML file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from agentslint.config.key_lines import Keys

_NAMES = {
    "array": "a list", "object": "a table", "str": "a string", "int": "a whole number", "float": "a number", "bool": "true or false",
    "null": "nothing", "date": "a date (YYYY-MM-DD)", "datetime": "a date with a time",
}  # fmt: skip
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]|\[(\.\.\.)\]")


class Complaint(Struct, frozen=True):
    """`keys` lead to the mistake, `word` is the text to look for on its lines."""

    message: str
    keys: Keys
    word: str = ""


def complaint(error: msgspec.ValidationError, table: Any, kind: Any, more: Iterable[str] = ()) -> Complaint:
    """Describe the mistake in `table`, which should have been a `kind`; `more` are other keys that are allowed there."""
    message, _, path = str(error).partition(" - at `$")
    keys = _keys(path, table)
    if unknown := re.search(r"unknown field `([^`]+)`", message):
        key = unknown.group(1)
        known = [*more, *_fields(kind, keys)] if not keys else _fields(kind, keys)
        return Complaint(f"there is no such key here{nearest(key, known)}", (*keys, key), key)
    if choices := _choices(kind, keys) if message.startswith("Invalid enum value") else []:
        value = str(_at(table, keys))
        return Complaint(f"{value!r} is none of {', '.join(choices)}", keys, value)
    return Complaint(_worded(message), keys, str(keys[-1]) if keys and isinstance(keys[-1], str) else str(_at(table, keys)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean ...?`, else the list of known names."""
    names = list(known)
    close = difflib.get_close_matches(word, names, 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(names)}" if names else ""


def no_rule(name: str, known: Iterable[str]) -> str:
    """Say that there is no such rule, and which is the nearest."""
    close = difflib.get_close_matches(name, list(known), 1, 0.5)
    return f"there is no rule {name!r}; " + (f"did you mean {close[0]!r}?" if close else "`agentslint rules` lists them")


def _worded(message: str) -> str:
    if missing := re.search(r"missing required field `([^`]+)`", message):
        return f"{missing.group(1)} is missing"
    if "RFC3339" in message:
        return "there is no such day; write YYYY-MM-DD"
    if re.search(r"matching regex|`str` of length >= 1$", message):
        return "it must not be empty"
    hint = ", which is written with two brackets: [[name]]" if message.endswith("got `object`") and "`array" in message else ""
    message = re.sub(r"`([^`]+)`", lambda found: _named(found.group(1)), message)
    return message[:1].lower() + message[1:] + hint


def _named(types: str) -> str:
    return " or ".join(_NAMES.get(name, name) for name in types.split(" | ") if name != "null" or types == "null")


def _keys(path: str, table: Any) -> Keys:
    """Read `.rules[0].name`; `[...]` is some key of a table, so the first one there that holds no table."""
    keys: Keys = ()
    for name, index, some in _STEP.findall(path):
        if some:
            here = _at(table, keys)
            name = next((key for key, inner in here.items() if not isinstance(inner, dict)), "") if isinstance(here, dict) else ""
        if name or index:
            keys = (*keys, int(index) if index else name)
    return keys


def _at(table: Any, keys: Keys) -> Any:
    for key in keys:
        try:
            table = table[key]
        except (KeyError, IndexError, TypeError):
            return ""
    return table


def _fields(kind: Any, keys: Keys) -> list[str]:
    """The keys that the table at `keys` may have."""
    struct = _struct(_node(kind, keys))
    return [field.encode_name for field in struct.fields] if struct else []


def _choices(kind: Any, keys: Keys) -> list[str]:
    node = _node(kind, keys)
    options = (node, *getattr(node, "types", ()))
    return [str(value) for option in map(_bare, options) if isinstance(option, msgspec.inspect.LiteralType) for value in option.values]


def _node(kind: Any, keys: Keys) -> Any:
    """Follow `keys` through msgspec's own description of the type."""
    node: Any = msgspec.inspect.type_info(kind)
    for key in keys:
        if isinstance(key, int):
            node = getattr(_bare(node), "item_type", None)
        else:
            struct = _struct(node)
            node = next((field.type for field in struct.fields if field.encode_name == key), None) if struct else None
    return _bare(node)


def _struct(node: Any) -> Any:
    node = _bare(node)
    options = (*map(_bare, getattr(node, "types", ())), node)
    return next((option for option in options if isinstance(option, msgspec.inspect.StructType)), None)


def _bare(node: Any) -> Any:
    return node.type if isinstance(node, msgspec.inspect.Metadata) else node
