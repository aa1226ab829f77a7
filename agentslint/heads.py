"""What a document is: its kind without parsing it, apiVersion, kind and names once it is parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentslint.model import ManifestHead

_KIND = re.compile(rb"^kind:[ \t]*[\"']?([\w.-]+)", re.M)
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


def head_of(body: Mapping[str, Any]) -> ManifestHead:
    """Read the head from a parsed document."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    words = (body.get("apiVersion"), body.get("kind"), metadata.get("name") or metadata.get("generateName"), metadata.get("namespace"))
    return ManifestHead(*("" if word is None else str(word) for word in words))
