"""The environment variables of containers, wherever these sit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from agentslint.images.container import name_of
from agentslint.images.fields import ImageFields
from agentslint.images.inner_documents import documents
from agentslint.images.pods import document_containers
from agentslint.images.use import UseKind, container_title
from agentslint.model import Field, Manifest, Pointer
from agentslint.record import Record


class Variable(Record, frozen=True):
    """An entry of a container's `env`: `pointer` leads to it, `entry` is its content."""

    not_compared: ClassVar[frozenset[str]] = frozenset(("entry",))

    manifest: Manifest
    pointer: Pointer
    container: str
    kind: UseKind
    name: str
    entry: Mapping[str, Any]

    @property
    def owner(self) -> str:
        """The container in messages: `Deployment/web (container app)`."""
        return f"{self.manifest.resource} ({container_title(self.kind, self.container)})" if self.container else self.manifest.resource

    @property
    def literal(self) -> str:
        """The value that is written out; empty where it comes from elsewhere."""
        value = self.entry.get("value")
        return value if isinstance(value, str) else ""

    @property
    def field(self) -> Field:
        """The place of the value that is written out."""
        return Field(self.manifest, (*self.pointer, "value"))

    def source(self, kind: str) -> Mapping[str, Any] | None:
        """Return the `secretKeyRef`, `configMapKeyRef`, ... that the value comes from, if it is of this kind."""
        given = self.entry.get("valueFrom")
        found = given.get(kind) if isinstance(given, Mapping) else None
        return found if isinstance(found, Mapping) else None

    def source_field(self, kind: str, key: str) -> Field:
        """The place of a key of that source."""
        return Field(self.manifest, (*self.pointer, "valueFrom", kind, key))


def variables(manifest: Manifest, fields: ImageFields) -> Iterator[Variable]:
    """Yield the environment variables of a manifest's containers."""
    seen: set[Pointer] = set()
    for document in documents(manifest, fields):
        for container in document_containers(document):
            entries = container.node.get("env")
            for number, entry in enumerate(entries if isinstance(entries, list) else ()):
                pointer = (*container.pointer, "env", number)
                if isinstance(entry, Mapping) and name_of(entry) and pointer not in seen:
                    seen.add(pointer)
                    yield Variable(manifest, pointer, container.name, container.kind, name_of(entry), entry)
