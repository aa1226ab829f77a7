"""One rendered document, and a field in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint.model.target import Target
from agentslint.places import Pointer, dotted

DATA_KINDS = ("ConfigMap", "Secret")
"""The kinds of the core API that hold values for others."""


class Manifest:
    """One rendered document, parsed only when its `body` is asked for.

    `line` is where the document starts in the stream; `prefix` leads to the manifest inside its document (an item of a `List`).
    """

    def __init__(
        self, target: Target, index: int, text: str, line: int, *, head: ManifestHead, body: Any = None, prefix: Pointer = ()
    ) -> None:
        self.target = target
        self.index = index
        self.text = text
        self.line = line
        self.head = head
        self.prefix = prefix
        if body is not None:
            self.__dict__["body"] = body

    @cached_property
    def body(self) -> Any:
        """The document as plain Python objects."""
        from agentslint.yamlread import load_trusted

        return load_trusted(self.text)

    @property
    def kind(self) -> str:
        """The manifest's `kind`."""
        return self.head.kind

    @property
    def api_version(self) -> str:
        """The manifest's `apiVersion`."""
        return self.head.api_version

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def name(self) -> str:
        """`metadata.name` (or `generateName`)."""
        return self.head.name

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, empty where there is none."""
        return self.head.namespace

    @property
    def resource(self) -> str:
        """Its name in messages: `Deployment/agents`."""
        return f"{self.kind}/{self.name}"

    def at(self, pointer: Pointer) -> Any:
        """Return the value at `pointer`, or None."""
        node = self.body
        for step in pointer:
            if isinstance(node, Mapping):
                node = node.get(step)
            elif isinstance(node, Sequence) and not isinstance(node, str) and isinstance(step, int) and step < len(node):
                node = node[step]
            else:
                return None
        return node

    def numbered(self, index: int) -> Manifest:
        """Return it with another index."""
        return Manifest(self.target, index, self.text, self.line, head=self.head, body=self.__dict__.get("body"), prefix=self.prefix)

    def __repr__(self) -> str:
        return f"<Manifest {self.resource} of {self.target.name}>"


class ManifestHead(Struct, frozen=True):
    """The part of a document that is known without parsing it."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""


class Field(Struct, frozen=True):
    """A place in a rendered manifest; `span` narrows it to the columns [start, end) of the scalar's own text.

    An absence is a field, too: `missing` names the key that is not there, and the pointer leads to where it belongs.
    """

    manifest: Manifest
    pointer: Pointer
    span: tuple[int, int] | None = None
    missing: str = ""
    at_key: bool = False
    """Whether it is about the key itself: it should not be there."""

    @property
    def value(self) -> Any:
        """The value at the pointer."""
        return self.manifest.at(self.pointer)

    @property
    def text(self) -> str:
        """The spanned text of the scalar (the whole scalar where there is no span)."""
        value = self.value
        text = value if isinstance(value, str) else "" if value is None else str(value)
        return text[self.span[0] : self.span[1]] if self.span else text

    @property
    def path(self) -> str:
        """The pointer as people write it: `spec.containers[0].image`."""
        return dotted(self.pointer)


def text_of(place: Field) -> str:
    """The whole text of a field; empty for what is no scalar."""
    value = place.value
    return value if isinstance(value, str) else "" if value is None or isinstance(value, (dict, list, bool)) else str(value)
