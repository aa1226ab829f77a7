"""Credentials inside of a URL: user and password, and a query's tokens."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")

_SCHEME = "|".join(f"(?<={scheme}:/)" for scheme in ("https", "http", "ssh", "git", "oci", "file"))
"""kustomize joins a URL to a folder, and cleans the path: `app/https:/user:password@host`."""
_SLASH = r"(?:/|\\/|\\x2f|\\u002f|\\U0000002f|%2f)"
"""As YAML and JSON may write it in quotes."""
_QUOTE = r"['\"](?![,:}\]\s])"
"""One that does not end a scalar."""
_USER = re.compile(
    rf"(:{_SLASH}(?:{_SLASH}|{_SCHEME}))(?!\*+@)"
    rf"((?:[^/?#\s'\"]|{_QUOTE}){{1,4096}}|[^/?#\s:'\"]{{0,256}}:(?:[^/?#\s'\"]|{_QUOTE})(?:[^/?#\n'\"]|{_QUOTE}){{0,256}})@",
    re.I,
)
"""It begins with plain text, so that a long text is searched quickly. A password may hold a quote, or blanks by mistake."""
_BARE_USER = re.compile(r"(?<![\w.:@%-])([\w.-]+:(?!\*+@)[^/:\s'\"@]+)@(?=(?!sha\d+:)[\w-]+(?:\.[\w.-]+)?[:/])")
"""git takes `user:password@host/path`, too; behind the @ of an image with a tag stands the algorithm of its digest."""
_QUERY = re.compile(r"([?&])([\w.%\[\]-]{1,256})=(?!\*)([^&\s'\"#<>]+)")
_TELLING = re.compile(r"(?:token|jwt|bearer|sig|signature|secret|password|passwd|pwd|key|credentials?|auth|code)(?:\[\w*\])?\Z", re.I)
"""Ends of the names of parameters that hold a credential."""
_PATHS = frozenset({"path", "target", "targets", "name", "files", "was", "place"})
"""Keys and attributes that hold names of files, which must stay as they are, or a place in a manifest."""


def dropped(text: str) -> str:
    """Return a message in which URLs lack them."""
    if "@" in text:
        text = _BARE_USER.sub("", _USER.sub(r"\1", text))
    return _QUERY.sub(lambda found: _parameter(found, "..."), text) if "=" in text else text


def cleaned(value: T) -> T:
    """Return rows, or plain objects for JSON, in which the texts lack them; the names of files stay.

    To be called before anything is escaped: in JSON a credential may end with half of an escape.
    """
    found: T = _clean(value)
    return found


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return dropped(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(_clean, value))
    if isinstance(value, dict):
        return {key: each if key in _PATHS else _clean(each) for key, each in value.items()}
    if isinstance(value, Struct):
        pairs = [(name, getattr(value, name)) for name in value.__struct_fields__ if name not in _PATHS]
        changes = {name: new for name, old in pairs if old and (new := _clean(old)) is not old and new != old}
        return replace(value, **changes) if changes else value
    return value


def starred(line: str) -> str:
    """Return a line of the same length, so that columns hold, in which they are stars."""
    line = _USER.sub(lambda found: f"{found[1]}{'*' * len(found[2])}@", line)
    line = _BARE_USER.sub(lambda found: "*" * len(found[1]) + "@", line)
    return _QUERY.sub(lambda found: _parameter(found, "*" * len(found[3])), line)


def _parameter(found: re.Match[str], hidden: str) -> str:
    """One parameter of a query; its value is hidden if its name says that it is a credential."""
    name = found[2]
    if "%" in name:
        from urllib.parse import unquote

        name = unquote(name)
    return f"{found[1]}{found[2]}={hidden if _TELLING.search(name) else found[3]}"
