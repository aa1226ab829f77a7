"""What one call of `helm template` printed: its documents, each with the template that made it.

kustomize drops Helm's `# Source:` comments; they are read here from helm's own output. A document is read by a YAML reader, whatever
its style is; of one in plain block style only what names it is parsed, since the rest may be long.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.model import ManifestHead
from agentslint.model.listed_manifests import head_of, items
from agentslint.yamlread import YamlError, compose, load_trusted, value
from agentslint.yamlread.split_documents import is_document, pieces

_SOURCE = re.compile(r"^# Source: ([^/\n]+)/(.*[^ \r\n])[ \r]*$", re.M)
_TOP_LINE = re.compile(r"^(?=[^\s#])(.*)$", re.M)
_PLAIN = re.compile(r"(?:([A-Za-z][\w.-]*):(?:[ \t]+[\w./-]+)?|- ?[^\"'{}\[\]|>&*!#]*)[ \t]*(?:[ \t]#.*)?\r?")
"""A line at the margin after which the next one there is a key again: its value is plain, or stands below it."""
_HEAD = frozenset(("apiVersion", "kind", "metadata"))


class HelmDocument(Struct, frozen=True):
    """One document that helm printed: the template that made it (`agents/templates/deployment.yaml`), its text, where that starts."""

    template: str
    text: str
    line: int

    @property
    def heads(self) -> list[ManifestHead]:
        """What the document is, or each item of the list that it is; raises YamlError where it cannot be read."""
        return [head_of(item) for _, item in items(_body(self.text)) if item.get("kind")]


def helm_documents(output: bytes) -> Iterator[HelmDocument]:
    """Yield the documents of helm's output, except those without a template.

    Only the first document of a file below `crds/` has a comment that names it. A comment of the same form that a file brings along
    names another chart.
    """
    template = chart = ""
    for data, line in pieces(output):
        text = data.decode("utf-8", "replace")
        source = _SOURCE.search(text)
        if source and source[1] == (chart := chart or source[1]):
            template = f"{source[1]}/{source[2]}"
        if template and is_document(data):
            yield HelmDocument(template, text, line)


def _body(text: str) -> Mapping[str, Any]:
    """The document as plain objects, in plain block style without all that does not name it; empty where it is no mapping."""
    head = _head(text)
    if head:
        # An alias may lead to an anchor in what was left out.
        with contextlib.suppress(YamlError):
            return _mapping(load_trusted(head))
    try:
        return _mapping(load_trusted(text))
    except YamlError:
        # Go's reader is of YAML 1.1, and takes more than that of 1.2 does.
        return _mapping(next(map(value, compose(text)), None))


def _mapping(body: Any) -> Mapping[str, Any]:
    return body if isinstance(body, Mapping) else {}


def _head(text: str) -> str:
    """The lines of `apiVersion`, `kind` and `metadata`, and those below them; empty where they are not told by their looks."""
    kept: list[str] = []
    found = list(_TOP_LINE.finditer(text))
    for number, line in enumerate(found):
        plain = _PLAIN.fullmatch(line[1])
        if plain is None:
            return ""
        if plain[1] in _HEAD:
            end = found[number + 1].start() if number + 1 < len(found) else len(text)
            kept.append(text[line.start() : end])
    head = "".join(kept)
    return "" if re.search(r"^kind:[ \t]+\w*List\b", head, re.M) else head
