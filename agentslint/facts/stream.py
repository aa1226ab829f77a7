"""Rendered stream -> manifests. Documents that no rule asks for are not parsed.

Two thirds of the bytes of a usual application are CustomResourceDefinitions, and parsing is what a run's time goes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from agentslint.model import Failure, Location, Manifest, Region, Rendering, TargetKind
from agentslint.model.listed_manifests import head_of, items, shape
from agentslint.yamlread import YamlError, compose, load_trusted, value
from agentslint.yamlread.split_documents import split

_KIND = re.compile(rb"^kind:[ \t]*[\"']?([\w.-]+)", re.M)
_LATER_TOP_LINE = re.compile(rb"\n(?=[^\s#])([^\n]*)")
_BARE_TOP_LINE = re.compile(rb"(?:apiVersion: [\w./-]+|kind: ([\w.-]+)|metadata:|spec:|status:|---|#.*)?\s*")


class Documents(Struct, frozen=True):
    """The contents of a stream: manifests, the number of all documents, and the failures to read some."""

    manifests: tuple[Manifest, ...]
    total: int
    failures: tuple[Failure, ...] = ()


def read_manifests(rendering: Rendering, wanted: Callable[[str], bool]) -> Documents:
    """Split the stream into manifests of the kinds that are `wanted`.

    The output of kustomize is parsed fast, authored text (a file, standard input) with guards. Every document that cannot be read
    becomes a failure with its line; those after it are read all the same.
    """
    trusted = rendering.target.kind is TargetKind.KUSTOMIZATION
    reader = _Reader(rendering)
    total = 0
    for data, line in split(rendering.stream):
        total += 1
        kind = kind_of(data) if trusted else plain_kind(data)
        if kind and not wanted(kind):
            continue
        if trusted and kind:
            reader.take_rendered(data, line)
        else:
            reader.take_authored(data, line)
    manifests = list(_once(reader.manifests)) if _is_of_argo_cd(rendering) else reader.manifests
    return Documents(tuple(manifests), total, tuple(reader.failures))


def _is_of_argo_cd(rendering: Rendering) -> bool:
    deployed = rendering.target.deployed
    return deployed is not None and deployed.application.kind == "Application"


def _once(manifests: Sequence[Manifest]) -> Iterator[Manifest]:
    """Of an object that comes twice Argo CD keeps the last one (controller/state.go, `DeduplicateTargetObjects`)."""
    last = {(each.group, each.kind, each.namespace, each.name): each for each in manifests}
    for each in manifests:
        kept = last[each.group, each.kind, each.namespace, each.name]
        if kept is each or each.at(("metadata", "name")) is None:  # with a generateName they are several
            yield each


class _Reader:
    """Makes manifests of documents, in order."""

    def __init__(self, rendering: Rendering) -> None:
        self.rendering = rendering
        self.target = rendering.target
        self.manifests: list[Manifest] = []
        self.failures: list[Failure] = []

    def take_rendered(self, data: bytes, line: int) -> None:
        """Take a document that the renderer printed: well-formed, unless the renderer is broken."""
        try:
            text = data.decode("utf-8")
            self._take(_manifest(load_trusted(text)), text, line)
        except UnicodeDecodeError as error:
            self._fail(YamlError(f"byte 0x{data[error.start]:02x} is not UTF-8", data.count(b"\n", 0, error.start) + 1, 1), line)
        except YamlError as error:
            self._fail(error, line)

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
        if self.target.kind in (TargetKind.KUSTOMIZATION, TargetKind.CHART):
            message, place = f"line {number} of the rendering: {error.message}", None
        else:
            path, own = self.rendering.place(number)
            message, place = error.message, Location(path, Region(own, error.column, own, error.column + 1))
        self.failures.append(Failure(message, self.target.name, location=place))


def _manifest(body: object) -> Mapping[str, Any]:
    """Return a document that is a manifest; raises YamlError for what is none."""
    if isinstance(body, Mapping) and head_of(body).kind:
        return body
    raise YamlError(f"this document is {shape(body)}, not a manifest with apiVersion and kind", 1, 1)


def kind_of(data: bytes) -> str:
    """Return the kind of a document in block style, empty where there is none."""
    found = _KIND.search(data)
    return found.group(1).decode() if found else ""


def plain_kind(data: bytes) -> str:
    """Return the kind of an authored document if it is certain without parsing, else "".

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
