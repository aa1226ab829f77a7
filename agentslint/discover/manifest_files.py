"""Tells whether a file holds manifests, without parsing it: files that are none are many, and broken ones must not be lost."""

from __future__ import annotations

import json
import re
from typing import Any

from agentslint.yamlread import YamlError, compose, value

SUFFIXES = (".yaml", ".yml", ".json")

_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?(?:(---)|[\"']?(apiVersion|kind)[\"']?[ \t]*:[ \t]*([^\s#]\S*))", re.M)
_ODD = re.compile(
    rb"^(?:[?!&*]|<<[ \t]*:|[\"']?(?:apiVersion|kind)[\"']?[ \t]*:[ \t\r]*(?:#|$)|\{(?![{%])|\[|---[ \t]+[^\s#]|\"[^\"\n]*\\[xuU])"
    rb"|(?:\A(?:\xef\xbb\xbf)?|^---[^\n]*\n)(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]+[^\s#]",
    re.M,
)
"""YAML whose top-level keys may stand anywhere: flow style, tags, anchors, aliases, merge keys, escaped keys, a value on the next
line, a document that is indented."""
_EXOTIC_BREAK = re.compile(rb"\r(?!\n)|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""Line breaks of YAML 1.1 (section 4.2) that are none for editors: CR alone, NEL, LS, PS."""
_CONFIGURATION = b"kustomize.config.k8s.io/"
_HEADS = ("apiVersion", "kind")
_FLOW_HEADS = tuple(re.compile(rb"[\"'{,\s]" + key.encode() + rb"[\"']?\s*:") for key in _HEADS)


def is_manifest(content: bytes) -> bool:
    """Tell whether any document has an apiVersion and a kind at its top, be the rest of it broken or not.

    Configuration of kustomize itself is no manifest, though it has both. A file in UTF-16 or UTF-32 counts as one: it will
    be reported as unreadable.
    """
    if b"\0" in content:
        return is_manifest(content.replace(b"\0", b"").lstrip(b"\xff\xfe"))
    if b"apiVersion" not in content or b"kind" not in content:
        return b"\\" in content and _ODD.search(content) is not None and _is_flow_manifest(content)
    if _has_head(content):
        return True
    if _EXOTIC_BREAK.search(content):
        return is_manifest(_EXOTIC_BREAK.sub(b"\n", content))
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:2]
    is_odd = (start[:1] in (b"{", b"[") and start not in (b"{{", b"{%")) or _ODD.search(content) is not None
    return _is_flow_manifest(content, broken=is_odd)


def _has_head(content: bytes) -> bool:
    """Look for both keys at the start of a line within one document, which is where block style has them."""
    seen: set[bytes] = set()
    for match in _HEAD.finditer(content):
        if match.group(1):
            seen.clear()
        elif not match.group(3).lstrip(b"\"'").startswith(_CONFIGURATION):
            seen.add(match.group(2))
        if len(seen) == 2:
            return True
    return False


def _is_flow_manifest(content: bytes, *, broken: bool = True) -> bool:
    """JSON, or YAML in its likeness: there the keys may stand anywhere, so that it has to be parsed.

    Where that fails, it counts as one only if it may be `broken`: many templates hold both words somewhere.
    """
    try:
        documents = _parsed(content)
    except YamlError:
        return broken and all(head.search(content) for head in _FLOW_HEADS)
    return any(
        isinstance(body, dict) and all(isinstance(body.get(key), str) for key in _HEADS) and not _configures(body) for body in documents
    )


def _configures(body: dict[str, Any]) -> bool:
    return str(body["apiVersion"]).startswith(_CONFIGURATION.decode())


def _parsed(content: bytes) -> list[Any]:
    try:
        return [json.loads(content)]
    except (ValueError, RecursionError):
        return [value(node) for node in compose(content)]
