"""What a document is, read without parsing it: apiVersion, kind and names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentslint.model import ManifestHead
from agentslint.yamlread import YamlError, load_trusted

_KIND = re.compile(rb"^kind:[ \t]*[\"']?([\w.-]+)", re.M)
_API_VERSION = re.compile(r"^apiVersion:[ \t]*[\"']?([\w./-]+)", re.M)
_METADATA = re.compile(r"^metadata:[ \t]*\r?\n((?:[ \t]+.*\n?|[ \t]*\r?\n|#.*\n)*)", re.M)
_NAME = re.compile(r"^([ \t]+)(name|namespace|generateName):[ \t]*(.*)", re.M)
_PLAIN = re.compile(r"(?:\"([^\"\\]*)\"|'([^']*)'|((?!(?i:true|false|null)\b)[A-Za-z][^\s\"']*))[ \t\r]*(?:(?<=[ \t])#.*)?$")
"""A scalar that is surely a string, and which: quoted without escapes, or plain and no number, boolean or null."""
_LATER_TOP_LINE = re.compile(rb"\n(?=[^\s#])([^\n]*)")
_BARE_TOP_LINE = re.compile(rb"(?:apiVersion: [\w./-]+|kind: ([\w.-]+)|metadata:|spec:|status:|---|#.*)?\s*")


def kind_of(data: bytes) -> str:
    """Return the kind of a document in block style, empty where there is none."""
    found = _KIND.search(data)
    return found.group(1).decode() if found else ""


def plain_kind(data: bytes) -> str:
    """Return the kind of a document that a person wrote, where it cannot be anything else; empty where it could.

    A quoted scalar or a flow collection may run over lines that look like keys; so all lines at the margin must be plain ones.
    """
    kinds = []
    for line in (data.partition(b"\n")[0], *_LATER_TOP_LINE.findall(data)):
        found = _BARE_TOP_LINE.fullmatch(line)
        if found is None:
            return ""
        if found.group(1):
            kinds.append(found.group(1).decode())
    return kinds[0] if len(kinds) == 1 else ""


def read_head(text: str) -> ManifestHead:
    """Read apiVersion, kind and names of a document; without parsing it where it is written as kustomize writes it."""
    return _head_as_written(text) or _head_as_parsed(text)


def _head_as_written(text: str) -> ManifestHead | None:
    """None where anything is not as kustomize writes it: metadata in block style, names as plain or simply quoted strings."""
    api_version, kind, metadata = _API_VERSION.search(text), re.search(_KIND.pattern.decode(), text, re.M), _METADATA.search(text)
    names = _names(metadata.group(1)) if metadata else None
    if not (api_version and kind and names) or not {"name", "generateName"} & set(names):
        return None
    return ManifestHead(api_version.group(1), kind.group(1), names.get("name") or names["generateName"], names.get("namespace", ""))


def _names(metadata: str) -> dict[str, str] | None:
    """The names among the keys of a block mapping; None where one is no simple string."""
    names: dict[str, str] = {}
    indent = re.match(r"(?:[ \t]*(?:#.*)?\r?\n)*([ \t]*)", metadata)
    for match in _NAME.finditer(metadata):
        if indent and match.group(1) == indent.group(1):
            simple = _PLAIN.match(match.group(3))
            if simple is None or match.group(2) in names:
                return None
            names[match.group(2)] = next(text for text in simple.groups() if text is not None)
    return names


def _head_as_parsed(text: str) -> ManifestHead:
    try:
        body = load_trusted(text)
    except YamlError:
        # Whoever asks for the body is told.
        body = None
    return head_of(body) if isinstance(body, Mapping) else ManifestHead("", kind_of(text.encode()))


def head_of(body: Mapping[str, Any]) -> ManifestHead:
    """Read the head from a parsed document."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    words = (body.get("apiVersion"), body.get("kind"), metadata.get("name") or metadata.get("generateName"), metadata.get("namespace"))
    return ManifestHead(*("" if word is None else str(word) for word in words))
