"""Rendered stream -> manifests. Documents that no rule asks for are passed over before they are parsed.

Two thirds of the bytes of a usual application are CustomResourceDefinitions, and parsing is what a run's time goes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentslint.model import Failure, Location, Manifest, ManifestHead, Pointer, Region, Rendering, TargetKind
from agentslint.yamlread import YamlError, compose, value

_SEPARATOR = re.compile(rb"^---(?:[ \t].*|\r)?$\n?", re.M)
_KIND = re.compile(rb"^kind:[ \t]*[\"']?([\w.-]+)", re.M)
_API_VERSION = re.compile(r"^apiVersion:[ \t]*[\"']?([\w./-]+)", re.M)
_METADATA = re.compile(r"^metadata:[ \t]*\r?\n((?:[ \t]+.*\n?|[ \t]*\r?\n|#.*\n)*)", re.M)
_NAMES = re.compile(r"^([ \t]+)(name|namespace|generateName):[ \t]*(?:\"([^\"]*)\"|'([^']*)'|([^\s#]+))", re.M)


@dataclass(frozen=True)
class Documents:
    """What a stream holds: manifests, the number of all documents, and what could not be read."""

    manifests: tuple[Manifest, ...]
    total: int
    failures: tuple[Failure, ...] = ()


def read_manifests(rendering: Rendering, wanted: Callable[[str], bool]) -> Documents:
    """Split the stream into manifests of the kinds that are `wanted`.

    What kustomize printed is parsed later, on demand; what people wrote (a file, standard input) is checked here, since it may
    be broken, and every document that cannot be read becomes a failure with its line.
    """
    trusted = rendering.target.kind is TargetKind.KUSTOMIZATION
    manifests: list[Manifest] = []
    failures: list[Failure] = []
    total = 0
    for data, line in split(rendering.stream):
        total += 1
        kind = _KIND.search(data)
        if kind and not wanted(kind.group(1).decode()):
            continue
        if trusted and kind:
            text = data.decode("utf-8", "replace")
            manifests.append(Manifest(rendering.target, len(manifests), text, line, head=read_head(text)))
        else:
            _read_authored(rendering, data, line, manifests, failures)
    return Documents(tuple(manifests), total, tuple(failures))


def split(stream: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each document that is not empty, with the 1-based line on which it starts."""
    line, start = 1, 0
    for end, after in [*((match.start(), match.end()) for match in _SEPARATOR.finditer(stream)), (len(stream), len(stream))]:
        data = stream[start:end]
        if not _is_blank(data):
            yield data, line
        line += stream.count(b"\n", start, after)
        start = after


def _is_blank(data: bytes) -> bool:
    """Tell whether there is nothing but comments, directives and blank lines (looking at the first lines is enough)."""
    return all(not line.strip() or line.lstrip().startswith((b"#", b"%")) for line in data.removeprefix(b"\xef\xbb\xbf").splitlines())


def read_head(text: str) -> ManifestHead:
    """Read apiVersion, kind and names from a block-style document without parsing it."""
    api_version, kind = _API_VERSION.search(text), re.search(_KIND.pattern.decode(), text, re.M)
    names: dict[str, str] = {}
    if metadata := _METADATA.search(text):
        indent = None
        for match in _NAMES.finditer(metadata.group(1)):
            indent = indent or re.match(r"[ \t]+", metadata.group(1).lstrip("\r\n"))
            if indent and match.group(1) == indent.group():
                names.setdefault(match.group(2), next(text for text in match.groups()[2:] if text is not None))
    return ManifestHead(
        api_version.group(1) if api_version else "",
        kind.group(1) if kind else "",
        names.get("name") or names.get("generateName", ""),
        names.get("namespace", ""),
    )


def head_of(body: Mapping[str, Any]) -> ManifestHead:
    """Read the head from a parsed document."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    words = (body.get("apiVersion"), body.get("kind"), metadata.get("name") or metadata.get("generateName"), metadata.get("namespace"))
    return ManifestHead(*("" if word is None else str(word) for word in words))


def _read_authored(rendering: Rendering, data: bytes, line: int, manifests: list[Manifest], failures: list[Failure]) -> None:
    target = rendering.target
    try:
        for node in compose(data, target.file):
            body = value(node)
            if body is None:
                continue
            if not isinstance(body, Mapping) or not head_of(body).kind:
                raise YamlError(f"this document is {_shape(body)}, not a manifest with apiVersion and kind", 1, 1)
            for prefix, item in items(body):
                text = data.decode("utf-8", "replace")
                manifests.append(Manifest(target, len(manifests), text, line, head=head_of(item), body=item, prefix=prefix))
    except YamlError as error:
        where = Region(line + error.line - 1, error.column, line + error.line - 1, error.column + 1)
        failures.append(Failure(error.message, target.name, location=Location(target.file, where)))


def items(body: Mapping[str, Any], prefix: Pointer = ()) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """Yield the manifest itself, or each one of a `List`, with the way to it."""
    nested = body.get("items")
    if not (str(body.get("kind", "")).endswith("List") and isinstance(nested, list)):
        yield prefix, body
        return
    for number, item in enumerate(nested):
        if isinstance(item, Mapping) and item.get("kind"):
            yield from items(item, (*prefix, "items", number))


def _shape(body: object) -> str:
    if isinstance(body, list):
        return "a list"
    return "a mapping without kind" if isinstance(body, Mapping) else f"the scalar {str(body)[:40]!r}"
