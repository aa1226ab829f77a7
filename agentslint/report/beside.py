"""Masks the rest of a shown line: secrets of other keys are starred, so that columns stay the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SECRET_KEY = re.compile(
    r"""(?i)["']?(?<![\w.-])[\w.-]*(?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?|dsn)["']?\s*[:=]\s*"""
)
_HARMLESS_VALUE = re.compile(r"""(?:[{\[|>&#]|["']{2}|(?:true|false|null|~|\d{1,4}|Secret)\b(?!-))""")
_TOKEN = re.compile(r"""[{}\[\],]|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,\[\]{}:"'](?:[^,\[\]{}:]|:(?=[^\s,\[\]{}]))*|:""")
_FLOW = re.compile(r"(?:^|[\s:,\[{-])[\[{]|[,{]\s*[\"'][^\"']*[\"']\s*:")
_TABLE = re.compile(
    r"\s*\[{1,2}(?:render|environments|groups|contracts|digest-switch|deploy(?:\.clusters|\.plugins)?|schemas|targets|scenario|ignore|assert"
    r"|image-fields|rules\.[a-z][a-z-]{0,40})\]{1,2}\s*"
)
"""The header of a table of our own configuration."""
_FLOW_END = re.compile(r"[,}\]]")
_LONGEST = 1000
"""Characters of a line that is looked at in detail: thousands of findings may stand on one line of JSON."""
_SHOWN_KEYS = frozenset(
    """
    apiVersion kind name namespace releaseName version image images newName newTag tag digest repository registry pullPolicy
    imagePullPolicy resources components bases crds path files valuesFile additionalValuesFiles group target targetRevision
    containers initContainers ports containerPort protocol replicas count namespaces watchNamespaces
    """.split()  # noqa: SIM905
)
"""Of a flow mapping, keys whose values are shown beside a finding."""


def starred_beside(line: str, start: int, end: int) -> str:
    """Return `line` with stars in place of possible secrets, except in [start, end), which is the finding's own part.

    The value of a key that is named like a secret; and in flow style, where many keys share a line, each text whose key is not
    known to be harmless. A long line of many keys is starred whole.
    """
    if _TABLE.fullmatch(line):
        return line
    flow = _is_flow(line)
    if len(line) > _LONGEST:
        return f"{'*' * start}{line[start:end]}{'*' * (len(line) - end)}" if flow or "," in line else line
    parts, position = [], 0
    for first, last in sorted([*_named_like_secrets(line, flow), *(_in_flow(line, start, end) if flow else ())]):
        if last > position:
            begun = max(first, position)
            parts += [line[position:begun], "*" * (last - begun)]
            position = last
    return "".join(parts) + line[position:]


def _named_like_secrets(line: str, flow: bool) -> Iterator[tuple[int, int]]:
    for found in _SECRET_KEY.finditer(line):
        first = found.end()
        if first < len(line) and not _HARMLESS_VALUE.match(line, first):
            yield first, _end_of_value(line, first, flow)


def _end_of_value(line: str, first: int, flow: bool) -> int:
    if line[first] in "\"'":
        closed = line.find(line[first], first + 1)
        return len(line) if closed < 0 else closed + 1
    ended = _FLOW_END.search(line, first) if flow else None
    return ended.start() if ended else len(line)


def _is_flow(line: str) -> bool:
    return _FLOW.search(line) is not None and "{{" not in line


def _in_flow(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the texts of flow collections that are neither keys, nor the finding's, nor known to be harmless."""
    keys: list[str] = []
    key = ""
    tokens = [found.span() for found in _TOKEN.finditer(line)]
    for number, (first, last) in enumerate(tokens):
        text = line[first:last]
        if text in ("{", "["):
            keys.append(key)
        elif text in ("}", "]"):
            key = keys.pop() if keys else ""
        elif text == ",":
            key = keys[-1] if keys else ""
        elif number + 1 < len(tokens) and line[slice(*tokens[number + 1])] == ":":
            key = text.strip("\"' -")
        elif text != ":" and keys and key not in _SHOWN_KEYS and (last <= start or first >= end):
            yield first, last
