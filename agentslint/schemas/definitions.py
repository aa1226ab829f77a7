"""CustomResourceDefinitions: found in a stream by name, read when an object of their kind asks for them.

Both shapes, apiextensions.k8s.io/v1 and v1beta1 (in which all versions may share a schema, and unknown fields may be kept).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from agentslint.model.listed_manifests import head_of, items
from agentslint.yamlread import YamlError, compose, load_trusted, value
from agentslint.yamlread.split_documents import split

if TYPE_CHECKING:
    from agentslint.schemas.judge import ObjectSchema

KIND = "CustomResourceDefinition"
Fail = Callable[[str, str, int], None]
"""Takes a file that cannot be read: its path, the reason and the 1-based line."""
_KIND = re.compile(rb"^kind:[ \t]*[\"']?CustomResourceDefinition\b", re.M)
_ANY_KIND = re.compile(rb"\bkind[\"']?:\s*[\"']?(\w+)")
_METADATA = re.compile(rb"^metadata:[ \t]*\r?\n((?:[ \t]+[^\n]*\n|[ \t]*#[^\n]*\n|\r?\n)*)", re.M)
_NAME = re.compile(rb"^  name:[ \t]*[\"']?([\w.-]+)[\"']?[ \t\r]*(?:#.*)?$", re.M)


class KindVersion(Struct, frozen=True):
    """One version of a kind; without a schema nothing is known of its objects."""

    name: str
    is_served: bool
    schema: ObjectSchema | None


class Definition(Struct, frozen=True):
    """A CustomResourceDefinition, as far as objects are held against it."""

    group: str
    kind: str
    versions: Mapping[str, KindVersion]


class RawDefinition:
    """A definition in a stream: its `name`, and its `data`, which is read when asked for; `path` and `line` are where it begins."""

    def __init__(self, name: str, data: bytes, read: Callable[[], Any], path: str = "", line: int = 1) -> None:
        self.name = name
        self.data = data
        self.path = path
        self.line = line
        self._read = read

    @cached_property
    def digest(self) -> bytes:
        """The same for definitions of the same bytes."""
        return sha256(self.data).digest()

    @property
    def group(self) -> str:
        """The group of its kind: an API server takes no definition whose name does not end with it."""
        return self.name.partition(".")[2]

    def may_define(self, group: str, kind: str) -> bool:
        """Tell without reading it whether it may define a kind."""
        return self.group == group and kind in self._kinds

    @cached_property
    def _kinds(self) -> frozenset[str]:
        """The words behind each `kind:`, of which one is the kind that it defines."""
        return frozenset(word.decode() for word in _ANY_KIND.findall(self.data))

    @cached_property
    def definition(self) -> Definition | None:
        """What it defines; None where that is no kind. Raises YamlError, with the line in the file, where it cannot be read."""
        try:
            body = self._read()
        except YamlError as error:
            raise YamlError(error.message, error.line + self.line - 1, error.column, self.path) from None
        except UnicodeDecodeError:
            raise YamlError("it is not UTF-8", self.line, 1, self.path) from None
        except RecursionError:
            raise YamlError("it nests too deep", self.line, 1, self.path) from None
        where = f"{self.name}, {self.path}:{self.line}" if self.path else self.name
        return definition(body, where) if isinstance(body, Mapping) else None


def raw_definitions(stream: bytes, path: str, *, trusted: bool = False) -> Iterator[RawDefinition]:
    """Yield the definitions of a stream; `trusted` is the output of a renderer. Raises YamlError for a list that cannot be read."""
    for document, line in split(stream) if KIND.encode() in stream else ():
        try:
            yield from _definitions_of(document, line, path, trusted)
        except YamlError as error:
            raise YamlError(error.message, error.line + line - 1, error.column, path) from None


def definitions_in(path: str, read: Callable[[str], bytes], fail: Fail) -> tuple[RawDefinition, ...]:
    """Return the definitions in a file that `read` reads; `fail` takes the path, the reason and the line where it cannot be read."""
    try:
        return tuple(raw_definitions(read(path), path))
    except OSError as error:
        fail(path, error.strerror or str(error), 1)
    except YamlError as error:
        fail(path, error.message, error.line)
    return ()


def _definitions_of(document: bytes, line: int, path: str, trusted: bool) -> Iterator[RawDefinition]:
    """A definition is long: as it is usually written, its name is found without reading all of it."""
    if KIND.encode() not in document:
        return
    metadata = _METADATA.search(document) if _KIND.search(document) else None
    if metadata and (name := _NAME.search(metadata[1])):
        yield RawDefinition(name[1].decode(), document, lambda: _body(document, path, trusted), path, line)
        return
    bodies = (body for body in map(value, compose(document, path, duplicate_keys=True)) if isinstance(body, dict))
    for number, (_, item) in enumerate(each for body in bodies for each in items(body)):
        if (head := head_of(item)).kind == KIND:
            yield RawDefinition(head.name, b"%d\n%b" % (number, document), lambda item=item: item, path, line)  # type: ignore[misc]


def _body(document: bytes, path: str, trusted: bool) -> Any:
    if trusted:
        return load_trusted(document.decode("utf-8"))
    nodes = compose(document, path, duplicate_keys=True)
    return value(nodes[0]) if nodes else None


def definition(body: Mapping[str, Any], where: str) -> Definition | None:
    """Read a definition; None where it defines no kind. `where` names it in what is said of malformed parts."""
    spec = body.get("spec")
    names = spec.get("names") if isinstance(spec, Mapping) else None
    if not isinstance(spec, Mapping) or not isinstance(names, Mapping) or not names.get("kind"):
        return None
    is_old = str(body.get("apiVersion", "")).endswith("/v1beta1")
    keeps_unknown = spec.get("preserveUnknownFields", is_old) is True
    found = [_version(row, spec, keeps_unknown, where) for row in _rows(spec)]
    return Definition(str(spec.get("group", "")), str(names["kind"]), {each.name: each for each in found})


def _rows(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = spec.get("versions")
    if isinstance(rows, list) and rows:
        return [row for row in rows if isinstance(row, Mapping)]
    return [{"name": spec["version"], "served": True}] if spec.get("version") else []


def _version(row: Mapping[str, Any], spec: Mapping[str, Any], keeps_unknown: bool, where: str) -> KindVersion:
    from agentslint.schemas.judge import ObjectSchema
    from agentslint.schemas.violations import Gap
    from agentslint.schemas.well_formed import well_formed

    own, shared = row.get("schema"), spec.get("validation")
    found = own if isinstance(own, Mapping) else shared
    schema = found.get("openAPIV3Schema") if isinstance(found, Mapping) else None
    name = str(row.get("name", ""))
    known = None
    if isinstance(schema, dict):
        malformed: list[str] = []
        compiled = well_formed(schema, malformed)
        gaps = Counter((Gap.MALFORMED, f"{each} of {name} ({where})") for each in malformed)
        known = ObjectSchema(compiled, is_pruned=not keeps_unknown, gaps=gaps)
    return KindVersion(name, row.get("served") is not False, known)
