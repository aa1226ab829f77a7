"""One document of a file that people wrote, its scalars and their key paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agentslint.model import Location, Pointer
from agentslint.pointers import by_name
from agentslint.yamlread import Scalar, scalars, value


@dataclass(frozen=True)
class Document:
    """One YAML document of a file of the repository."""

    path: str
    node: Any

    @cached_property
    def body(self) -> Any:
        """The document as plain objects."""
        return value(self.node)

    @cached_property
    def scalars(self) -> tuple[Scalar, ...]:
        """Its scalars, in the order in which they are written."""
        return tuple(scalars(self.node))

    @property
    def resource(self) -> tuple[str, str]:
        """(kind, name), empty where the document is no manifest."""
        body = self.body
        metadata = body.get("metadata") if isinstance(body, Mapping) else None
        if isinstance(metadata, Mapping) and body.get("kind"):
            return str(body["kind"]), str(metadata.get("name", ""))
        return "", ""

    def location(self, scalar: Scalar, message: str = "") -> Location:
        """Where a scalar stands."""
        kind, name = self.resource
        owner: Pointer = (f"{kind}/{name}",) if kind and kind not in ("Kustomization", "Component") else ()
        return Location(self.path, scalar.region, message, (*owner, *by_name(self.body, scalar.pointer)))
