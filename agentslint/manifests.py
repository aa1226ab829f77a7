"""Rendered stream -> manifests. Documents that no rule asks for are passed over before they are parsed.

Two thirds of the bytes of a usual application are CustomResourceDefinitions, and parsing is what a run's time goes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentslint.model import Failure, Location, Manifest, ManifestHead, Pointer, Region, Rendering, TargetKind
from agentslint.yamlread import YamlError, compose, load_trusted, value

_MARK = re.compile(rb"^(?:\xef\xbb\xbf)?(---|\.\.\.)(?=[ \t\r\n]|\Z)([^\n]*)\n?", re.M)
"""What starts or ends a document (YAML 1.2.2, section 9.1.2), wherever a line begins with it: no scalar may hold such a line."""
_KIND = re.compile(rb"^kind:[ \t]*[\"']?([\w.-]+)", re.M)
_API_VERSION = re.compile(r"^apiVersion:[ \t]*[\"']?([\w./-]+)", re.M)
_METADATA = re.compile(r"^metadata:[ \t]*\r?\n((?:[ \t]+.*\n?|[ \t]*\r?\n|#.*\n)*)", re.M)
_NAME = re.compile(r"^([ \t]+)(name|namespace|generateName):[ \t]*(.*)", re.M)
_PLAIN = re.compile(r"(?:\"([^\"\\]*)\"|'([^']*)'|((?!(?i:true|false|null)\b)[A-Za-z][^\s\"']*))[ \t\r]*(?:(?<=[ \t])#.*)?$")
"""A scalar that is surely a string, and which: quoted without escapes, or plain and no number, boolean or null."""
_TOP_LINE = re.compile(rb"^[^\s#].*$", re.M)
_BARE_TOP_LINE = re.compile(rb"(?:apiVersion: [\w./-]+|kind: ([\w.-]+)|metadata:|spec:|status:|---)\s*")


@dataclass(frozen=True)
class Documents:
    """What a stream holds: manifests, the number of all documents, and what could not be read."""

    manifests: tuple[Manifest, ...]
    total: int
    failures: tuple[Failure, ...] = ()


def read_manifests(rendering: Rendering, wanted: Callable[[str], bool]) -> Documents:
    """Split the stream into manifests of the kinds that are `wanted`.

    What kustomize printed is parsed later, on demand; what people wrote (a file, standard input) is checked here, since it may
    be broken, and every document that cannot be read becomes a failure with its line. Those after it are read all the same.
    """
    trusted = rendering.target.kind is TargetKind.KUSTOMIZATION
    reader = _Reader(rendering)
    total = 0
    for data, line in split(rendering.stream):
        total += 1
        kind = _kind(data) if trusted else _plain_kind(data)
        if kind and not wanted(kind):
            continue
        if trusted and kind:
            reader.take_rendered(data, line)
        else:
            reader.take_authored(data, line)
    return Documents(tuple(reader.manifests), total, tuple(reader.failures))


def split(stream: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each document that is not empty, with the 1-based line on which it starts."""
    line, start = 1, 0
    for mark in _MARK.finditer(stream):
        if not _is_blank(data := stream[start : mark.start()]):
            yield data, line
        # What stands behind the mark on its own line belongs to the document: `--- {kind: Pod}`.
        inline = mark.group(1) == b"---" and not _is_blank(mark.group(2))
        after = mark.start() if inline else mark.end()
        line += stream.count(b"\n", start, after)
        start = after
    if not _is_blank(data := stream[start:]):
        yield data, line


def _is_blank(data: bytes) -> bool:
    """Tell whether there is nothing but comments, directives and blank lines (looking at the first lines is enough)."""
    return all(not line.strip() or line.lstrip().startswith((b"#", b"%")) for line in data.removeprefix(b"\xef\xbb\xbf").splitlines())


def _kind(data: bytes) -> str:
    found = _KIND.search(data)
    return found.group(1).decode() if found else ""


def _plain_kind(data: bytes) -> str:
    """The kind of a document that a person wrote, where it cannot be anything else.

    A quoted scalar or a flow collection may run over lines that look like keys; so all lines at the margin must be plain ones.
    """
    kinds = []
    for line in _TOP_LINE.finditer(data):
        found = _BARE_TOP_LINE.fullmatch(line.group())
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
    return head_of(body) if isinstance(body, Mapping) else ManifestHead("", _kind(text.encode()))


def head_of(body: Mapping[str, Any]) -> ManifestHead:
    """Read the head from a parsed document."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    words = (body.get("apiVersion"), body.get("kind"), metadata.get("name") or metadata.get("generateName"), metadata.get("namespace"))
    return ManifestHead(*("" if word is None else str(word) for word in words))


class _Reader:
    """Makes manifests of documents, in order."""

    def __init__(self, rendering: Rendering) -> None:
        self.target = rendering.target
        self.manifests: list[Manifest] = []
        self.failures: list[Failure] = []

    def take_rendered(self, data: bytes, line: int) -> None:
        """Take a document that the renderer printed, to be parsed when it is asked for."""
        text = data.decode("utf-8", "replace")
        self.manifests.append(Manifest(self.target, len(self.manifests), text, line, head=read_head(text)))

    def take_authored(self, data: bytes, line: int) -> None:
        """Take a document that may be broken, or no manifest at all."""
        try:
            for node in compose(data, self.target.file):
                body = value(node)
                if body is not None:
                    self._take(_manifest(body), data.decode("utf-8"), line)
        except YamlError as error:
            self._fail(error, line)

    def _take(self, body: Mapping[str, Any], text: str, line: int) -> None:
        for prefix, item in items(body):
            self.manifests.append(Manifest(self.target, len(self.manifests), text, line, head=head_of(item), body=item, prefix=prefix))

    def _fail(self, error: YamlError, line: int) -> None:
        """Locate an error in the file that was read; what a renderer printed is no file, so its line is said."""
        number = line + error.line - 1
        if self.target.kind is TargetKind.KUSTOMIZATION:
            message, place = f"line {number} of what it renders: {error.message}", None
        else:
            message, place = error.message, Location(self.target.file, Region(number, error.column, number, error.column + 1))
        self.failures.append(Failure(message, self.target.name, location=place))


def _manifest(body: object) -> Mapping[str, Any]:
    """Return a document that is a manifest; raises YamlError for what is none."""
    if isinstance(body, Mapping) and head_of(body).kind:
        return body
    raise YamlError(f"this document is {_shape(body)}, not a manifest with apiVersion and kind", 1, 1)


def items(body: Mapping[str, Any], prefix: Pointer = ()) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """Yield the manifest itself, or each one of a `List`, with the way to it; raises YamlError for an item that is none.

    The items of a typed list (`PodList`) need not say what they are (k8s.io/apimachinery, unstructured lists).
    """
    kind, nested = str(body.get("kind", "")), body.get("items")
    if not (kind.endswith("List") and isinstance(nested, list)) or (
        kind != "List" and not all(isinstance(item, Mapping) for item in nested)
    ):
        yield prefix, body
        return
    implied = {"apiVersion": body.get("apiVersion"), "kind": kind.removesuffix("List")} if kind != "List" else {}
    for number, item in enumerate(nested):
        if not isinstance(item, Mapping) or not (item.get("kind") or implied):
            raise YamlError(f"item {number} of this {kind} is {_shape(item)}, not a manifest with apiVersion and kind", 1, 1)
        yield from items(item if item.get("kind") else {**implied, **item}, (*prefix, "items", number))


def _shape(body: object) -> str:
    if isinstance(body, list):
        return "a list"
    return "a mapping without kind" if isinstance(body, Mapping) else f"the scalar {str(body)[:40]!r}"
